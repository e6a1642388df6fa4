//! Pixels to files. What is worth saying of how well: WebP at 80 and JPEG at 84 show no difference on a screen at the
//! size in which a page shows them.

use jpeg_encoder::{ColorType, SamplingFactor};

use super::Format;
use super::pixels::Pixels;
use super::strip::with_profile;

const WEBP_QUALITY: f32 = 80.0;
const JPEG_QUALITY: u8 = 84;

/// A file of that format; `None` if there is none of such a size.
pub(super) fn encode(pixels: &Pixels, format: Format) -> Option<Vec<u8>> {
    match format {
        Format::Jpeg => jpeg(pixels),
        Format::Png => png(pixels),
        _ => webp(pixels),
    }
}

fn webp(pixels: &Pixels) -> Option<Vec<u8>> {
    let Pixels { width, height, .. } = *pixels;
    let encoder = if pixels.alpha {
        webp::Encoder::from_rgba(&pixels.bytes, width, height)
    } else {
        webp::Encoder::from_rgb(&pixels.bytes, width, height)
    };
    let mut config = webp::WebPConfig::new().ok()?;
    config.quality = WEBP_QUALITY;
    config.method = 4;
    config.thread_level = 0;
    let file = encoder.encode_advanced(&config).ok()?;
    Some(match &pixels.icc {
        Some(icc) => with_profile(&file, (width, height), pixels.alpha, icc),
        None => file.to_vec(),
    })
}

fn jpeg(pixels: &Pixels) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, JPEG_QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    if let Some(icc) = &pixels.icc {
        encoder.add_icc_profile(icc).ok()?;
    }
    let colours = if pixels.alpha { ColorType::Rgba } else { ColorType::Rgb };
    let (width, height) = (u16::try_from(pixels.width).ok()?, u16::try_from(pixels.height).ok()?);
    encoder.encode(&pixels.bytes, width, height, colours).ok()?;
    Some(file)
}

fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let mut info = png::Info::with_size(pixels.width, pixels.height);
    info.color_type = if pixels.alpha { png::ColorType::Rgba } else { png::ColorType::Rgb };
    info.bit_depth = png::BitDepth::Eight;
    info.icc_profile = pixels.icc.as_deref().map(Into::into);
    let mut encoder = png::Encoder::with_info(&mut file, info).ok()?;
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels.bytes).ok()?;
    writer.finish().ok()?;
    Some(file)
}
