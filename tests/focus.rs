#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
mod window;
use eframe::egui::{Key, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use shrinkscope::app::Opening;
use shrinkscope::app::command::Command;
use shrinkscope::app::data_view::Page;
use window::window;
#[test]
fn dump() {
    for page in [Page::Analysis, Page::Geometry, Page::Data] {
        let (mut harness, _) = window([1280.0, 800.0], Opening::default());
        let ctx = harness.ctx.clone();
        harness.state_mut().run(&ctx, Command::ShowPage(page));
        harness.run();
        println!("== F6 {page:?}");
        for i in 0..16 {
            harness.key_press(Key::F6);
            harness.run();
            let Some(node) = harness.query_by(|node| node.is_focused() && node.role() != Role::Window) else {
                println!("{i} none");
                continue;
            };
            let access = node.accesskit_node();
            println!("{i} {:?} {}", access.role(), access.label().or_else(|| access.value()).unwrap_or_default());
        }
        let mut first = None;
        println!("== {page:?}");
        for i in 0..150 {
            harness.key_press(Key::Tab);
            harness.run();
            let Some(node) = harness.query_by(|node| node.is_focused() && node.role() != Role::Window) else {
                println!("{i} none");
                continue;
            };
            let access = node.accesskit_node();
            let name = access.label().or_else(|| access.value()).unwrap_or_default();
            let r = node.rect();
            println!(
                "{i} {:?} {name} [{:.0} {:.0} {:.0} {:.0}]",
                access.role(),
                r.left(),
                r.top(),
                r.right(),
                r.bottom()
            );
            if first.as_ref() == Some(&name) {
                break;
            }
            first.get_or_insert(name);
        }
    }
}
