//! Draws what egui tessellates on the CPU: the same bytes on every machine, with no GPU and no display.

use std::collections::HashMap;

use eframe::egui::epaint::{ClippedPrimitive, ImageDelta, Mesh, Primitive, Vertex};
use eframe::egui::{Color32, ColorImage, Context, FullOutput, ImageData, Pos2, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::{Rgba, RgbaImage};

/// Textures by id; triangles are filled by edge functions with bilinear textures and premultiplied blending in gamma space, as egui's shaders do.
#[derive(Default)]
pub(crate) struct CpuRenderer {
    textures: HashMap<TextureId, ColorImage>,
}

impl CpuRenderer {
    fn update(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(patch) = &delta.image;
        let Some([left, top]) = delta.pos else {
            self.textures.insert(id, ColorImage::clone(patch));
            return;
        };
        let Some(texture) = self.textures.get_mut(&id) else { return };
        for y in 0..patch.height() {
            for x in 0..patch.width() {
                texture[(left + x, top + y)] = patch[(x, y)];
            }
        }
    }
}

impl TestRenderer for CpuRenderer {
    #[expect(clippy::iter_over_hash_type, reason = "textures do not depend on each other")]
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, deltas) in delta.set.drain() {
            for delta in &deltas {
                self.update(id, delta);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let mut picture = RgbaImage::from_pixel(size.x.round() as u32, size.y.round() as u32, Rgba([0, 0, 0, 255]));
        for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let texture =
                self.textures.get(&mesh.texture_id).ok_or_else(|| format!("no texture {:?}", mesh.texture_id))?;
            fill_mesh(&mut picture, texture, &mesh, clip_rect * scale, scale);
        }
        Ok(picture)
    }
}

fn fill_mesh(picture: &mut RgbaImage, texture: &ColorImage, mesh: &Mesh, clip: Rect, scale: f32) {
    for triangle in mesh.indices.chunks_exact(3) {
        let corners = [0, 1, 2].map(|i| {
            let vertex = mesh.vertices[triangle[i] as usize];
            Vertex { pos: (vertex.pos.to_vec2() * scale).to_pos2(), ..vertex }
        });
        fill_triangle(picture, texture, corners, clip);
    }
}

/// Twice the signed area of `a`, `b`, `p`.
fn edge(a: Pos2, b: Pos2, p: Pos2) -> f32 {
    (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

/// A pixel centre on an edge belongs to the triangle that has it as top or left edge.
#[expect(clippy::float_cmp, reason = "the rule is about exact equality")]
fn is_top_left(a: Pos2, b: Pos2) -> bool {
    (a.y == b.y && b.x > a.x) || b.y < a.y
}

fn fill_triangle(picture: &mut RgbaImage, texture: &ColorImage, mut v: [Vertex; 3], clip: Rect) {
    let mut area = edge(v[0].pos, v[1].pos, v[2].pos);
    if area < 0.0 {
        v.swap(1, 2);
        area = -area;
    }
    if area == 0.0 || !area.is_finite() {
        return;
    }
    let bounds = Rect::from_points(&v.map(|c| c.pos)).intersect(clip);
    // The first pixel whose centre is not left of (above) the bound.
    let first = |bound: f32, size: u32| ((bound - 0.5).ceil().max(0.0) as u32).min(size);
    let (left, right) = (first(bounds.left(), picture.width()), first(bounds.right() + 1.0, picture.width()));
    let (top, bottom) = (first(bounds.top(), picture.height()), first(bounds.bottom() + 1.0, picture.height()));
    let inside = |x: u32, y: u32| clip.contains(Pos2::new(x as f32 + 0.5, y as f32 + 0.5));
    for y in top..bottom {
        for x in left..right {
            let p = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            let edges =
                [(1, 2), (2, 0), (0, 1)].map(|(a, b)| (edge(v[a].pos, v[b].pos, p), is_top_left(v[a].pos, v[b].pos)));
            if !inside(x, y) || edges.iter().any(|(e, top_left)| *e < 0.0 || (*e == 0.0 && !top_left)) {
                continue;
            }
            let weights = edges.map(|(e, _)| e / area);
            let mix = |f: &dyn Fn(&Vertex) -> f32| (0..3).map(|i| weights[i] * f(&v[i])).sum::<f32>();
            let texel = sample(texture, mix(&|c| c.uv.x), mix(&|c| c.uv.y));
            let source = [0, 1, 2, 3].map(|i| mix(&|c| f32::from(c.color.to_array()[i])) * texel[i] / 255.0);
            blend(picture.get_pixel_mut(x, y), source);
        }
    }
}

fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let (w, h) = (texture.width() as f32, texture.height() as f32);
    let (x, y) = ((u * w - 0.5).clamp(0.0, w - 1.0), (v * h - 0.5).clamp(0.0, h - 1.0));
    let (x0, y0) = (x.floor() as usize, y.floor() as usize);
    let (x1, y1) = ((x0 + 1).min(texture.width() - 1), (y0 + 1).min(texture.height() - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let at = |x: usize, y: usize| -> Color32 { texture[(x, y)] };
    [0, 1, 2, 3].map(|i| {
        let c = |x: usize, y: usize| f32::from(at(x, y).to_array()[i]);
        (c(x0, y0) * (1.0 - fx) + c(x1, y0) * fx) * (1.0 - fy) + (c(x0, y1) * (1.0 - fx) + c(x1, y1) * fx) * fy
    })
}

fn blend(pixel: &mut Rgba<u8>, source: [f32; 4]) {
    let keep = 1.0 - source[3] / 255.0;
    for (channel, value) in pixel.0.iter_mut().zip(source).take(3) {
        *channel = (value + f32::from(*channel) * keep).round().clamp(0.0, 255.0) as u8;
    }
}
