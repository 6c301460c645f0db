import os

from standalone import fresh


def test_catalogue_is_stale_until_compiled_after_its_last_change(tmp_path):
    folder = tmp_path / "locale" / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text("")
    assert fresh.stale_catalogues(tmp_path) is True
    (folder / "django.mo").write_text("")
    os.utime(folder / "django.po", (1, 1))
    assert fresh.stale_catalogues(tmp_path) is False
    os.utime(folder / "django.mo", (0, 0))
    assert fresh.stale_catalogues(tmp_path) is True


def test_static_mark_changes_with_a_file(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "settings.py").write_text("")
    before = fresh.static_mark(tmp_path)
    (tmp_path / "static" / "site.css").write_text("a {}")
    assert fresh.static_mark(tmp_path) != before
