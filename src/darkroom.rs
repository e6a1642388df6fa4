//! Where pictures are made when somebody asks for them: reads a picture's file, has its renditions made of it, and keeps
//! them for the next time. A file is decoded once for all its renditions, by one thread while others that want it wait;
//! the largest ones after each other, so that memory does not grow with the number of threads. What comes out depends on
//! the file's bytes alone, never on what was kept.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diag::{Diagnostic, OUTPUT_ASSET_CHANGED, PICTURE_DAMAGED, PICTURE_GAPS};
use crate::output::Cache;
use crate::picture::{self, Developed, Order};
use crate::render::{Bound, Carried};
use crate::source::read_asset;

/// How many bytes are held in memory: enough that the renditions of one photograph are still there when their turn
/// comes, where nothing can be kept on disk.
const HELD: usize = 24 << 20;

/// See the head of this file.
#[derive(Debug)]
pub struct Darkroom {
    root: PathBuf,
    cache: Option<Cache>,
    /// The files that are being worked at.
    busy: Mutex<HashMap<blake3::Hash, Arc<Mutex<()>>>>,
    large: Mutex<()>,
    held: Mutex<Held>,
}

/// What was made last.
#[derive(Debug, Default)]
struct Held {
    prints: VecDeque<(blake3::Hash, Arc<[u8]>)>,
    bytes: usize,
}

/// A rendition, made.
#[derive(Debug)]
pub struct Print {
    /// Its bytes; a placeholder's if nothing could be made of the file.
    pub bytes: Arc<[u8]>,
    /// What is wrong with the file.
    pub problem: Option<Diagnostic>,
}

impl Darkroom {
    /// For the portal in `root`; what is made is kept in `cache`.
    pub fn new(root: &Path, cache: Option<Cache>) -> Self {
        Self { root: root.to_owned(), cache, busy: Mutex::default(), large: Mutex::default(), held: Mutex::default() }
    }

    /// What is to be said of keeping.
    pub fn notes(&self) -> Vec<Diagnostic> {
        self.cache.as_ref().and_then(Cache::note).into_iter().collect()
    }

    /// Lets go of the oldest of what is kept, if it is too much.
    pub fn tidy(&self) {
        if let Some(cache) = &self.cache {
            cache.trim();
        }
    }

    /// Makes what is ordered, or has it from before.
    pub fn print(&self, order: &Order) -> Print {
        if order.is_copied() {
            return self.make(order);
        }
        let key = order.key(order.rendition);
        if let Some(bytes) = self.kept(key) {
            return Print { bytes, problem: None };
        }
        let gate = lock(&self.busy).entry(order.hash).or_default().clone();
        let turn = lock(&gate);
        // Another thread may have made it meanwhile.
        let print = match self.kept(key) {
            Some(bytes) => Print { bytes, problem: None },
            None => self.make(order),
        };
        drop(turn);
        let mut busy = lock(&self.busy);
        if Arc::strong_count(&gate) == 2 {
            busy.remove(&order.hash);
        }
        print
    }

    /// Puts the pictures into a script that carries them.
    pub fn bind(&self, bound: Bound) -> (Vec<u8>, Vec<Diagnostic>) {
        let problems = Mutex::new(Vec::new());
        let script = bound.script(|carried| match carried {
            Carried::Made(order) => {
                let Print { bytes, problem } = self.print(order);
                lock(&problems).extend(problem);
                (picture::media_type(&bytes).to_owned(), bytes)
            }
            Carried::File(source, hash, kind) => match read_asset(&self.root, source, *hash) {
                Some(bytes) => ((*kind).to_owned(), bytes.into()),
                None => {
                    lock(&problems).push(changed(source));
                    ((*kind).to_owned(), Arc::from(&b""[..]))
                }
            },
        });
        (script, problems.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn make(&self, order: &Order) -> Print {
        let _alone = order.picture.is_large().then(|| lock(&self.large));
        let failed = |problem| Print { bytes: picture::placeholder(&order.picture).into(), problem: Some(problem) };
        let Some(bytes) = read_asset(&self.root, &order.source, order.hash) else {
            return failed(changed(&order.source));
        };
        let set = order.set();
        match picture::develop(&order.picture, bytes, &set) {
            Developed::Damaged => failed(damaged(&order.source)),
            Developed::Made { files, has_gaps } => {
                let mut wanted = None;
                for (rendition, bytes) in set.iter().zip(files) {
                    let (key, bytes) = (order.key(*rendition), Arc::<[u8]>::from(bytes));
                    if *rendition == order.rendition {
                        wanted = Some(bytes.clone());
                    }
                    // What is wrong with it has to be said again each time, so it is made again each time.
                    if !has_gaps && !order.is_copied() {
                        self.keep(key, bytes);
                    }
                }
                match wanted {
                    Some(bytes) => Print { bytes, problem: has_gaps.then(|| gaps(&order.source)) },
                    None => failed(damaged(&order.source)),
                }
            }
        }
    }

    fn kept(&self, key: blake3::Hash) -> Option<Arc<[u8]>> {
        if let Some((_, bytes)) = lock(&self.held).prints.iter().find(|(held, _)| *held == key) {
            return Some(bytes.clone());
        }
        self.cache.as_ref()?.get(&key).map(Into::into)
    }

    fn keep(&self, key: blake3::Hash, bytes: Arc<[u8]>) {
        if let Some(cache) = &self.cache {
            cache.put(&key, &bytes);
        }
        let mut held = lock(&self.held);
        held.bytes += bytes.len();
        held.prints.push_back((key, bytes));
        while held.bytes > HELD
            && let Some((_, oldest)) = held.prints.pop_front()
        {
            held.bytes -= oldest.len();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn changed(file: &Arc<str>) -> Diagnostic {
    Diagnostic::error(OUTPUT_ASSET_CHANGED, "素材在生成期间被改动或移走了")
        .in_file(file)
        .cause("生成开始时记下的内容和处理时读到的不一样，可能有人正在保存它。")
        .cure("等它保存好，再生成一次。")
}

fn damaged(file: &Arc<str>) -> Diagnostic {
    Diagnostic::warning(PICTURE_DAMAGED, "这张图片的文件已经损坏")
        .in_file(file)
        .cause("文件开头是好的，里面的数据却读不通；页面上用一张画了红线的灰底图占着它的位置。")
        .cure("用看图软件打开它，打得开就另存一份再放进来；打不开的，请向拍照的人重新要一份。")
}

fn gaps(file: &Arc<str>) -> Diagnostic {
    Diagnostic::warning(PICTURE_GAPS, "这张图片有一部分数据是坏的")
        .in_file(file)
        .cause("读不通的那一段，页面上会是灰块或者花纹。")
        .cure("用看图软件看看是否完整，最好向拍照的人重新要一份；看着没有问题的，另存一次就好。")
}
