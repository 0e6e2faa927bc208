//! What screen readers are told, where the widgets themselves say too little.

use eframe::egui::accesskit::{Node, Role};
use eframe::egui::{Context, FullOutput, Plugin, accesskit_root_id};

/// Completes the tree of names and values before it leaves the window.
#[derive(Debug, Default)]
pub struct Spoken;

impl Plugin for Spoken {
    fn debug_name(&self) -> &'static str {
        "spoken"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let Some(update) = &mut output.platform_output.accesskit_update else { return };
        let root = accesskit_root_id().accesskit_id();
        for (id, node) in &mut update.nodes {
            if *id == root && node.label().is_none() {
                node.set_label("Shrinkscope");
            }
            complete(node);
        }
    }
}

fn complete(node: &mut Node) {
    match node.role() {
        // On Linux only a numeric value is passed on; what else is said goes into the description.
        Role::ComboBox | Role::Image | Role::List | Role::Slider if node.numeric_value().is_none() => {
            if let Some(value) = node.value().filter(|value| !value.is_empty()) {
                let said = match node.description() {
                    Some(tip) if !tip.starts_with(value) => format!("{value}. {tip}"),
                    _ => value.to_owned(),
                };
                node.set_description(said);
            }
        }
        Role::ScrollBar if node.label().is_none() => {
            let is_upright = node.bounds().is_none_or(|bounds| bounds.height() >= bounds.width());
            node.set_label(if is_upright { "Scroll up and down" } else { "Scroll left and right" });
        }
        // A label without words only keeps a place.
        Role::Label if node.label().or(node.value()).is_none_or(str::is_empty) => node.set_hidden(),
        _ => {}
    }
}
