//! What outlives the window: theme, recent files and panels, in a file of our own, written atomically.

use std::path::{Path, PathBuf};

use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};

use crate::app::panel_layout::PanelLayout;

/// Recent files kept.
const RECENT: usize = 10;
/// A settings file larger than this is not ours.
const LARGEST: u64 = 1 << 20;

/// What outlives the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Form of this file.
    version: u32,
    /// `light`, `dark` or `system`.
    theme: String,
    /// Files opened before, newest first.
    pub recent: Vec<PathBuf>,
    /// How the panels of the analysis are arranged.
    #[serde(deserialize_with = "panels")]
    pub panels: PanelLayout,
}

/// Nonsense here must not cost the other settings.
fn panels<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<PanelLayout, D::Error> {
    serde_json::Value::deserialize(deserializer).map(PanelLayout::from_value)
}

impl Default for Preferences {
    fn default() -> Self {
        Self { version: 1, theme: "system".to_owned(), recent: Vec::new(), panels: PanelLayout::default() }
    }
}

impl Preferences {
    /// Reads them; whatever is wrong with the file, the program starts with defaults.
    pub fn load(path: &Path) -> Self {
        let small = std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
        let text = if small { std::fs::read_to_string(path).unwrap_or_default() } else { String::new() };
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Writes them. A read-only home is no reason to bother anyone: the window works all the same.
    pub fn save(&self, path: &Path) {
        let Ok(text) = serde_json::to_vec_pretty(self) else { return };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).ok();
        }
        if let Err(error) = crate::export::atomic::write_files(&[(path.to_path_buf(), text)]) {
            log::warn!("preferences not saved: {error}");
        }
    }

    /// The chosen theme.
    pub fn theme(&self) -> ThemePreference {
        match self.theme.as_str() {
            "light" => ThemePreference::Light,
            "dark" => ThemePreference::Dark,
            _ => ThemePreference::System,
        }
    }

    /// Chooses a theme.
    pub fn set_theme(&mut self, theme: ThemePreference) {
        let name = match theme {
            ThemePreference::Light => "light",
            ThemePreference::Dark => "dark",
            ThemePreference::System => "system",
        };
        name.clone_into(&mut self.theme);
    }

    /// Puts a file at the head of the recent ones.
    pub fn add_recent(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(RECENT);
    }
}

/// Where they stand on this system; `None` without a home.
pub fn standard_path() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "shrinkscope")?.data_local_dir().join("preferences.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn survive_a_round_trip_and_any_rubbish() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("preferences.json");
        let mut preferences = Preferences::default();
        preferences.set_theme(ThemePreference::Dark);
        preferences.add_recent(Path::new("/a.csv"));
        preferences.add_recent(Path::new("/b.csv"));
        preferences.add_recent(Path::new("/a.csv"));
        preferences.save(&path);
        let read = Preferences::load(&path);
        assert_eq!(read, preferences);
        assert_eq!(read.recent, [PathBuf::from("/a.csv"), PathBuf::from("/b.csv")]);
        for rubbish in ["", "{", "[1]", "{\"recent\": 3}"] {
            std::fs::write(&path, rubbish).unwrap();
            assert_eq!(Preferences::load(&path), Preferences::default());
        }
        assert_eq!(Preferences::load(folder.path()), Preferences::default());
        for rubbish in ["3", "[]", "{\"version\": 1, \"shares\": 4}", "{\"version\": 9}"] {
            std::fs::write(&path, format!("{{\"version\": 1, \"theme\": \"dark\", \"panels\": {rubbish}}}")).unwrap();
            let read = Preferences::load(&path);
            assert_eq!((read.theme(), &read.panels), (ThemePreference::Dark, &PanelLayout::default()), "{rubbish}");
        }
    }
}
