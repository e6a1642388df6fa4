//! Photographs as cameras write them, made here: noise in two colours, so that it can be seen how they stand, with what
//! cameras and phones write into their files. Every such note holds [`SECRET`].
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use jpeg_encoder::{ColorType, Encoder};

/// What must not be published.
pub const SECRET: &[u8] = b"SECRET-N39.9042-E116.4074";

/// Pixels that are red in the left half and blue in the right, with noise: a file of them is as large as a photograph's.
pub fn pixels(width: u32, height: u32) -> Vec<u8> {
    let mut noise = u64::from(width) << 32 | u64::from(height);
    let mut bytes = Vec::with_capacity((width * height * 3) as usize);
    for _ in 0..height {
        for x in 0..width {
            // Knuth's MMIX generator; its upper bits are good enough.
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let [a, b, c] = [noise >> 40, noise >> 48, noise >> 56].map(|n| (n & 0x3f) as u8);
            bytes.extend_from_slice(&if x < width / 2 { [0xc0 | a, b, c] } else { [a, b, 0xc0 | c] });
        }
    }
    bytes
}

/// An Exif block: how the picture stands, the camera's remark, and where it was.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x03\0".to_vec();
    let length = u32::try_from(SECRET.len()).unwrap();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [tag.to_le_bytes().as_slice(), &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    tiff.extend(entry(0x010e, 2, length, 50));
    tiff.extend(entry(0x0112, 3, 1, u32::from(orientation)));
    tiff.extend(entry(0x8825, 4, 1, 50 + length));
    tiff.extend([0; 4]);
    tiff.extend(SECRET);
    // The directory of the place: one entry, the map's datum.
    tiff.extend([1, 0]);
    tiff.extend(entry(0x0012, 2, length, 50));
    tiff.extend([0; 4]);
    tiff
}

/// A photograph of that size in its file, which stands as `orientation` says.
pub fn jpeg(width: u16, height: u16, orientation: u16) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.add_exif_metadata(&exif(orientation)).unwrap();
    encoder.add_app_segment(1, [b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()).unwrap();
    encoder.add_app_segment(13, [b"Photoshop 3.0\0", SECRET].concat()).unwrap();
    encoder.encode(&pixels(width.into(), height.into()), width, height, ColorType::Rgb).unwrap();
    // What phones put behind a picture: a film, with a place of its own.
    file.extend_from_slice(b"\0\0\0\x18ftypmp42");
    file.extend_from_slice(SECRET);
    file
}

/// The same in the four inks of a printing house.
pub fn inks(width: u16, height: u16) -> Vec<u8> {
    let lights = pixels(width.into(), height.into());
    let inks: Vec<u8> = lights.chunks(3).flat_map(|p| [255 - p[0], 255 - p[1], 255 - p[2], 0]).collect();
    let mut file = Vec::new();
    Encoder::new(&mut file, 90).encode(&inks, width, height, ColorType::Cmyk).unwrap();
    file
}

/// A PNG with remarks.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let secret = String::from_utf8_lossy(SECRET).into_owned();
    encoder.add_text_chunk("Comment".to_owned(), secret.clone()).unwrap();
    encoder.add_itxt_chunk("XML:com.adobe.xmp".to_owned(), secret).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_chunk(png::chunk::ChunkType(*b"eXIf"), &exif(1)).unwrap();
    writer.write_image_data(&pixels(width, height)).unwrap();
    writer.finish().unwrap();
    file.extend_from_slice(SECRET);
    file
}

/// A WebP with what a camera says.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut file);
    encoder.set_exif_metadata(exif(1));
    encoder.set_xmp_metadata(SECRET.to_vec());
    encoder.encode(&pixels(width, height), width, height, image_webp::ColorType::Rgb8).unwrap();
    file
}

/// The head and the smallest body of a PNG of 60,000 × 60,000 black and white pixels: 450 MB of zeros in a few KB.
pub fn bomb() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 60_000, 60_000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    for _ in 0..60_000 {
        std::io::Write::write_all(&mut stream, &[0; 7500]).unwrap();
    }
    stream.finish().unwrap();
    drop(writer);
    file
}

/// The first bytes of an Apple phone's photograph.
pub fn heic() -> Vec<u8> {
    [b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice(), SECRET].concat()
}

/// A picture's file, decoded here by its own means: width, height, and the colours of its pixels.
pub fn decoded(file: &[u8]) -> (u32, u32, Vec<[u8; 3]>) {
    let rgb = |bytes: &[u8]| bytes.chunks(3).map(|p| [p[0], p[1], p[2]]).collect();
    if file.starts_with(b"RIFF") {
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(file)).unwrap();
        let (width, height) = decoder.dimensions();
        let mut bytes = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut bytes).unwrap();
        assert!(!decoder.has_alpha());
        return (width, height, rgb(&bytes));
    }
    if file.starts_with(b"\x89PNG") {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        return (frame.width, frame.height, rgb(&bytes));
    }
    let options = zune_core::options::DecoderOptions::default().set_max_height(65_535);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(std::io::Cursor::new(file), options);
    let bytes = decoder.decode().unwrap();
    let info = decoder.info().unwrap();
    (info.width.into(), info.height.into(), rgb(&bytes))
}
