//! Decoded pictures: eight bits a sample, red, green, blue and perhaps opacity. Decoding never goes past what a head
//! was checked for, and takes no path that only some processors have.

use std::io::Cursor;
use std::panic::catch_unwind;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::{Format, MEMORY_LIMIT, Turn};

/// See the head of this file.
#[derive(Debug)]
pub(super) struct Pixels {
    pub width: u32,
    pub height: u32,
    /// Whether there is opacity: four bytes a pixel instead of three.
    pub alpha: bool,
    pub bytes: Vec<u8>,
    /// The profile that says what the colours are; sRGB if there is none.
    pub icc: Option<Vec<u8>>,
    /// Whether some of it had to be made up.
    pub has_gaps: bool,
}

/// Decodes the picture in `bytes`; `None` if it cannot be made sense of.
pub(super) fn decode(format: Format, bytes: &[u8]) -> Option<Pixels> {
    // Decoders of formats as old as these have been wrong about damaged files before; a picture is not worth a build.
    let pixels = catch_unwind(|| match format {
        Format::Jpeg => {
            jpeg(bytes, true).or_else(|| jpeg(bytes, false).map(|pixels| Pixels { has_gaps: true, ..pixels }))
        }
        Format::Png => png(bytes),
        Format::WebP => webp(bytes),
        _ => None,
    })
    .ok()??;
    let channels = if pixels.alpha { 4 } else { 3 };
    let expected = (pixels.width as usize).checked_mul(pixels.height as usize)?.checked_mul(channels)?;
    (expected > 0 && pixels.bytes.len() == expected).then_some(pixels)
}

fn jpeg(bytes: &[u8], strictly: bool) -> Option<Pixels> {
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGB)
        .set_strict_mode(strictly)
        .set_max_width(side)
        .set_max_height(side);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(Cursor::new(bytes), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    // A profile for printing inks says nothing about the colours that were made of them.
    let icc = decoder.icc_profile().filter(|icc| is_of_lights(icc));
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    Some(Pixels { width, height, alpha: false, bytes: pixels, icc, has_gaps: false })
}

fn png(bytes: &[u8]) -> Option<Pixels> {
    let limit = usize::try_from(MEMORY_LIMIT).ok()?;
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), png::Limits { bytes: limit });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    let mut reader = decoder.read_info().ok()?;
    let mut buffer = vec![0; reader.output_buffer_size().filter(|&size| size <= limit)?];
    let frame = reader.next_frame(&mut buffer).ok()?;
    buffer.truncate(frame.buffer_size());
    let (bytes, alpha) = match frame.color_type {
        png::ColorType::Rgb => (buffer, false),
        png::ColorType::Rgba => (buffer, true),
        png::ColorType::Grayscale => (buffer.iter().flat_map(|&grey| [grey; 3]).collect(), false),
        png::ColorType::GrayscaleAlpha => {
            (buffer.chunks_exact(2).flat_map(|pair| [pair[0], pair[0], pair[0], pair[1]]).collect(), true)
        }
        png::ColorType::Indexed => return None,
    };
    let icc = reader.info().icc_profile.as_deref().filter(|icc| is_of_lights(icc)).map(<[u8]>::to_vec);
    Some(Pixels { width: frame.width, height: frame.height, alpha, bytes, icc, has_gaps: false })
}

fn webp(bytes: &[u8]) -> Option<Pixels> {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).ok()?;
    decoder.set_memory_limit(usize::try_from(MEMORY_LIMIT).ok()?);
    let (width, height) = decoder.dimensions();
    let mut buffer = vec![0; decoder.output_buffer_size().filter(|&size| size as u64 <= MEMORY_LIMIT)?];
    decoder.read_image(&mut buffer).ok()?;
    let icc = decoder.icc_profile().ok().flatten().filter(|icc| is_of_lights(icc));
    Some(Pixels { width, height, alpha: decoder.has_alpha(), bytes: buffer, icc, has_gaps: false })
}

/// Whether a colour profile is one of red, green and blue (ICC.1, section 7.2.6), of a size that is worth keeping.
fn is_of_lights(icc: &[u8]) -> bool {
    icc.get(16..20) == Some(b"RGB ") && icc.len() <= 256 << 10
}

impl Pixels {
    fn channels(&self) -> usize {
        if self.alpha { 4 } else { 3 }
    }

    /// The picture in that size, no larger than it is. The filter's weights are polynomials, the same on every machine.
    pub fn scaled(&self, width: u32, height: u32) -> Option<Self> {
        let kind = if self.alpha { PixelType::U8x4 } else { PixelType::U8x3 };
        let from = ImageRef::new(self.width, self.height, &self.bytes, kind).ok()?;
        let mut to = Image::new(width, height, kind);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
        Resizer::new().resize(&from, &mut to, &options).ok()?;
        Some(Self { width, height, bytes: to.into_vec(), icc: self.icc.clone(), ..*self })
    }

    /// The picture upright.
    pub fn turned(self, turn: Turn) -> Self {
        if turn.is_none() {
            return self;
        }
        let (width, height) = turn.swap((self.width, self.height));
        let (w, h, n) = (self.width as usize, self.height as usize, self.channels());
        let mut bytes = Vec::with_capacity(self.bytes.len());
        for y in 0..height as usize {
            for x in 0..width as usize {
                // Where the pixel that belongs here stands in the file (Exif 2.32, 4.6.4 A).
                let (sx, sy) = match turn.0 {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (y, h - 1 - x),
                    7 => (w - 1 - y, h - 1 - x),
                    _ => (w - 1 - y, x),
                };
                let at = (sy * w + sx) * n;
                bytes.extend_from_slice(&self.bytes[at..at + n]);
            }
        }
        Self { width, height, bytes, ..self }
    }
}
