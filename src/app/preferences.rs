//! What outlives the window: theme, recent files and panels, in a file of our own, written atomically.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use eframe::egui::ThemePreference;
use serde::{Deserialize, Serialize};

use crate::app::panel_layout::PanelLayout;

/// Recent files kept.
const RECENT: usize = 10;
/// A settings file larger than this is not ours.
const LARGEST: u64 = 1 << 20;

/// A file opened before, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "RecentForm")]
pub struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// Records and columns, where all were counted.
    pub shape: Option<(usize, usize)>,
    /// Name of the column predicted last.
    pub target: Option<String>,
    /// When it was opened, in seconds since 1970.
    pub opened: Option<u64>,
}

/// Older files hold paths alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum RecentForm {
    Path(PathBuf),
    Known {
        path: PathBuf,
        #[serde(default)]
        shape: Option<(usize, usize)>,
        #[serde(default)]
        target: Option<String>,
        #[serde(default)]
        opened: Option<u64>,
    },
}

impl From<RecentForm> for Recent {
    fn from(form: RecentForm) -> Self {
        match form {
            RecentForm::Path(path) => Self { path, ..Self::default() },
            RecentForm::Known { path, shape, target, opened } => Self { path, shape, target, opened },
        }
    }
}

impl Recent {
    /// How long before `now` it was opened: `3 days ago`; empty where that is not known.
    pub fn opened_text(&self, now: SystemTime) -> String {
        let Some(opened) = self.opened.and_then(|s| UNIX_EPOCH.checked_add(Duration::from_secs(s))) else {
            return String::new();
        };
        // A clock that was set back says nothing.
        let Ok(since) = now.duration_since(opened) else { return String::new() };
        let minutes = since.as_secs() / 60;
        let several = |n: u64, one: &str, many: &str| if n == 1 { one.to_owned() } else { format!("{n} {many} ago") };
        match minutes {
            0..2 => "just now".to_owned(),
            2..60 => format!("{minutes} minutes ago"),
            60..1440 => several(minutes / 60, "an hour ago", "hours"),
            1440..20_160 => several(minutes / 1440, "yesterday", "days"),
            20_160..87_600 => format!("{} weeks ago", minutes / 10_080),
            87_600..525_600 => format!("{} months ago", minutes / 43_800),
            _ => several(minutes / 525_600, "a year ago", "years"),
        }
    }
}

/// What outlives the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Form of this file.
    version: u32,
    /// `light`, `dark` or `system`.
    theme: String,
    /// Files opened before, newest first.
    pub recent: Vec<Recent>,
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

    /// Puts a file that was opened now at the head of the recent ones.
    pub fn add_recent(&mut self, path: &Path, shape: Option<(usize, usize)>, target: &str) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        self.recent.retain(|known| known.path != path);
        let opened = SystemTime::now().duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs());
        self.recent.insert(0, Recent { path, shape, target: Some(target.to_owned()), opened });
        self.recent.truncate(RECENT);
    }

    /// Notes what is predicted in the file opened last. True if that is new.
    pub fn note_target(&mut self, path: &Path, target: &str) -> bool {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        match self.recent.first_mut().filter(|known| known.path == path) {
            Some(known) if known.target.as_deref() != Some(target) => {
                known.target = Some(target.to_owned());
                true
            }
            _ => false,
        }
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
        preferences.add_recent(Path::new("/a.csv"), None, "y");
        preferences.add_recent(Path::new("/b.csv"), Some((97, 9)), "lpsa");
        preferences.add_recent(Path::new("/a.csv"), None, "z");
        assert!(!preferences.note_target(Path::new("/b.csv"), "y"), "that is not the one opened last");
        assert!(
            preferences.note_target(Path::new("/a.csv"), "x") && !preferences.note_target(Path::new("/a.csv"), "x")
        );
        preferences.save(&path);
        let read = Preferences::load(&path);
        assert_eq!(read, preferences);
        let known: Vec<_> = read.recent.iter().map(|r| (r.path.to_str().unwrap(), r.target.as_deref())).collect();
        assert_eq!(known, [("/a.csv", Some("x")), ("/b.csv", Some("lpsa"))]);
        assert_eq!(read.recent[1].shape, Some((97, 9)));
        // The form of before.
        std::fs::write(&path, "{\"theme\": \"dark\", \"recent\": [\"/a.csv\"]}").unwrap();
        let former = Preferences::load(&path);
        assert_eq!(former.recent, [Recent { path: "/a.csv".into(), ..Recent::default() }]);
        assert_eq!(former.theme(), ThemePreference::Dark);
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

    #[test]
    fn when_a_file_was_opened_is_said_as_people_do() {
        let opened = 1_700_000_000;
        let recent = Recent { opened: Some(opened), ..Recent::default() };
        let said = |minutes: u64| recent.opened_text(UNIX_EPOCH + Duration::from_secs(opened + 60 * minutes));
        let day = 24 * 60;
        let texts: Vec<String> =
            [1, 5, 60, 9 * 60, day, 3 * day, 15 * day, 70 * day, 366 * day, 800 * day].map(said).into();
        let expected = [
            "just now",
            "5 minutes ago",
            "an hour ago",
            "9 hours ago",
            "yesterday",
            "3 days ago",
            "2 weeks ago",
            "2 months ago",
            "a year ago",
            "2 years ago",
        ];
        assert_eq!(texts, expected);
        assert_eq!(recent.opened_text(UNIX_EPOCH), "", "the clock was set back");
    }
}
