//! What is to be said of a picture where an author uses it: that it is damaged, too large, of a sort that no browser
//! shows, or another one than its name says.

use crate::diag::{
    Diagnostic, IMAGE_BROKEN, PICTURE_DAMAGED, PICTURE_FOREIGN, PICTURE_HUGE, PICTURE_MISNAMED, PICTURE_NEW,
};
use crate::model::record::AssetRecord;
use crate::picture::{Flaw, Format, PIXEL_LIMIT};

/// How a page uses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It shows it.
    Show,
    /// It offers it, by a link or as an attachment.
    Offer,
}

/// What is to be said of `asset`, which the author calls `name`; without a place.
pub fn remark(asset: &AssetRecord, name: &str, used: Use) -> Option<Diagnostic> {
    let shown = used == Use::Show;
    let Some(picture) = &asset.picture else {
        return (shown && asset.dimensions.is_none()).then(|| {
            Diagnostic::warning(IMAGE_BROKEN, format!("读不出图片“{name}”的宽和高"))
                .cause("它可能不是图片，或者文件已经损坏；页面也没法事先给它留出位置，打开时文字会跳动。")
                .cure("用看图软件打开它，另存为 PNG 或 JPG；SVG 要写明 width 和 height。")
        });
    };
    let format = picture.format();
    let wears = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match picture.flaw() {
        Some(Flaw::Foreign) if format == Format::Heic => {
            let said = if wears.eq_ignore_ascii_case("heic") || wears.eq_ignore_ascii_case("heif") {
                format!("“{name}”是 HEIC 格式的手机照片，浏览器打不开")
            } else {
                format!("“{name}”其实是 HEIC 格式的手机照片，只是扩展名写成了 .{wears}，浏览器打不开")
            };
            Some(
                Diagnostic::error(PICTURE_FOREIGN, said)
                    .cause("读者看到的会是一个空框；照片里的拍摄地点这种格式也去不掉。")
                    .cure(
                        "用看图软件打开，另存为 JPG（只改扩展名没有用）。以后拍照前，在苹果手机的“设置 → 相机 → 格式”里选“兼容性最佳”。",
                    ),
            )
        }
        Some(Flaw::Foreign) if shown => Some(
            Diagnostic::error(PICTURE_FOREIGN, format!("“{name}”是 {} 格式的图片，浏览器打不开", format.name()))
                .cause("读者看到的会是一个空框。")
                .cure("用看图软件打开，另存为 JPG 或 PNG；只是供人下载的，把最前面的感叹号去掉，改成链接。"),
        ),
        Some(Flaw::Garbled) if shown => Some(
            Diagnostic::warning(PICTURE_DAMAGED, format!("“{name}”不是图片，或者文件已经损坏"))
                .cause("页面上这个位置会写明“图片打不开”。")
                .cure("用看图软件打开它，打得开就另存为 JPG 或 PNG；打不开的，请向拍照的人重新要一份。"),
        ),
        Some(Flaw::Cut) => {
            let cause = if shown {
                "多半是复制或下载时中断了，后半张没有了。页面上这个位置会写明“图片打不开”。"
            } else {
                "多半是复制或下载时中断了，后半张没有了。读者下载下来也打不开。"
            };
            Some(
                Diagnostic::warning(PICTURE_DAMAGED, format!("图片“{name}”不完整"))
                    .cause(cause)
                    .cure("从手机、相机或原来的地方重新复制一份，盖掉这一个。"),
            )
        }
        Some(Flaw::Huge) if shown => {
            let (width, height) = picture.size().unwrap_or_default();
            Some(
                Diagnostic::warning(PICTURE_HUGE, format!("图片“{name}”有 {width}×{height} 像素，太大了"))
                    .cause(format!(
                        "最多处理 {} 万像素；再大的，同事的电脑也打不开。页面上这个位置会写明“图片打不开”。",
                        PIXEL_LIMIT / 10_000
                    ))
                    .cure("用“画图”等软件把它缩小到宽 4000 像素以内，再放进来；要给人下载原图的，改成链接。"),
            )
        }
        None if shown && !format.endings().is_empty() && !has_ending(format, wears) => {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let right = format.endings()[0];
            Some(
                Diagnostic::warning(PICTURE_MISNAMED, format!("“{name}”其实是 {} 图片", format.name()))
                    .cause("扩展名和内容对不上：网页照样显示，但同事下载以后可能打不开，别的软件也会认错。")
                    .cure(format!("把文件改名为 {stem}.{right}，文章里也写成 {stem}.{right}")),
            )
        }
        None if shown && picture.size().is_none() => Some(
            Diagnostic::warning(PICTURE_NEW, format!("“{name}”是 {} 图片，较旧的浏览器打不开", format.name()))
                .cause("单位里不少电脑的浏览器还不认识这种格式，那里看到的会是一个空框。")
                .cure("用看图软件打开，另存为 JPG 或 PNG。"),
        ),
        _ => None,
    }
}

fn has_ending(format: Format, ending: &str) -> bool {
    format.endings().iter().any(|known| known.eq_ignore_ascii_case(ending))
}
