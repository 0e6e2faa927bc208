//! What screen readers are told, and what they do, where the widgets themselves fall short.

use std::collections::HashSet;

use eframe::egui::accesskit::{Action, Node, NodeId, Role};
use eframe::egui::{Context, Event, FullOutput, Plugin, Popup, RawInput, Ui, accesskit_root_id};

/// Completes the tree of names and values before it leaves the window.
#[derive(Debug, Default)]
pub struct Spoken {
    /// What stands in the open list of a box.
    choices: HashSet<NodeId>,
    /// One of them is being chosen without the pointer.
    chooses: bool,
}

impl Plugin for Spoken {
    fn debug_name(&self) -> &'static str {
        "spoken"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        self.chooses = input.events.iter().any(|event| match event {
            Event::AccessKitActionRequest(request) => {
                request.action == Action::Click && self.choices.contains(&request.target_node)
            }
            _ => false,
        });
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        // A list closes by itself only where the pointer chose.
        if std::mem::take(&mut self.chooses) {
            Popup::close_all(ui.ctx());
        }
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
        self.choices = below_lists(&update.nodes);
    }
}

/// All nodes within the open list of a box.
fn below_lists(nodes: &[(NodeId, Node)]) -> HashSet<NodeId> {
    let lists = nodes.iter().filter(|(_, node)| node.role() == Role::ListBox);
    let mut waiting: Vec<NodeId> = lists.flat_map(|(_, node)| node.children()).copied().collect();
    let mut found = HashSet::new();
    while let Some(id) = waiting.pop() {
        if found.insert(id)
            && let Some((_, node)) = nodes.iter().find(|(other, _)| *other == id)
        {
            waiting.extend(node.children());
        }
    }
    found
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
