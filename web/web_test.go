package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPlaygroundFilesAreWhatTheManifestSays(t *testing.T) {
	for path := range playgroundAssets() {
		asset, ok := Playground(path)
		if !ok {
			t.Fatalf("%s: not found", path)
		}
		plain, err := asset.Plain()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		sum := sha256.Sum256(plain)
		if len(plain) != asset.Size || hex.EncodeToString(sum[:]) != asset.Hash {
			t.Errorf("%s: %d bytes of another content than the manifest's %d", path, len(plain), asset.Size)
		}
		if asset.Immutable != strings.HasPrefix(path, "assets/") {
			t.Errorf("%s: immutable is %v", path, asset.Immutable)
		}
		if len(asset.Brotli) == 0 || len(asset.Brotli) > len(asset.Gzip) {
			t.Errorf("%s: %d bytes by brotli, %d by gzip", path, len(asset.Brotli), len(asset.Gzip))
		}
	}
}

func TestEveryEmbeddedFileIsReachable(t *testing.T) {
	err := fs.WalkDir(playgroundFiles, "playground/dist", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".json") {
			return err
		}
		name := strings.TrimPrefix(path, "playground/dist/")
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".br")
		if _, ok := Playground(name); !ok {
			t.Errorf("%s is embedded but not in the manifest", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What the page names must be there; the page must run under its own policy; nothing may come from elsewhere.
func TestPlaygroundPageStandsAlone(t *testing.T) {
	asset, ok := Playground("index.html")
	if !ok {
		t.Fatal("no index.html")
	}
	plain, err := asset.Plain()
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(string(plain), -1)
	if len(links) < 3 {
		t.Errorf("the page names only %d files", len(links))
	}
	for _, link := range links {
		path, below := strings.CutPrefix(link[1], "/playground/")
		if _, ok := Playground(path); !below || !ok {
			t.Errorf("the page names %s, which is not there", link[1])
		}
	}
	// A block of data is no script.
	scripts := strings.ReplaceAll(string(plain), `<script type="application/json"`, "<data")
	if regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(scripts) {
		t.Error("the page has an inline script, which its policy forbids")
	}
}

func TestUnknownPathsAreNotFound(t *testing.T) {
	for _, path := range []string{"", "/", "manifest.json", "tabs.json", "index.html.gz", "assets", "assets/", "../doc.go"} {
		if _, ok := Playground(path); ok {
			t.Errorf("%q is found", path)
		}
	}
}

func TestPlaygroundTabsHoldQueriesWithVariables(t *testing.T) {
	tabs := PlaygroundTabs(time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("west", -3*60*60)))
	var names []string
	for _, tab := range tabs {
		names = append(names, tab.Name)
		if !strings.Contains(tab.Query, "query "+tab.Name+"(") {
			t.Errorf("%s: its query has another name", tab.Name)
		}
		if !strings.HasPrefix(tab.Query, "# ") {
			t.Errorf("%s: its query says nothing of itself", tab.Name)
		}
		var variables map[string]any
		if err := json.Unmarshal([]byte(tab.Variables), &variables); err != nil || len(variables) == 0 {
			t.Errorf("%s: variables %s: %v", tab.Name, tab.Variables, err)
		}
		if strings.Contains(tab.Variables, "{{") {
			t.Errorf("%s: a placeholder is left in %s", tab.Name, tab.Variables)
		}
	}
	if want := []string{"NewestPosts", "SearchPosts", "PostWithMetrics", "LastThirtyDays"}; !slices.Equal(names, want) {
		t.Errorf("got tabs %v, want %v", names, want)
	}
}

func TestDaysAreCountedFromTodayInUTC(t *testing.T) {
	today := time.Date(2026, 3, 2, 2, 30, 0, 0, time.UTC)
	got := fillDays(`{"from": "{{today-29}}", "to": "{{today}}"}`, today)
	if want := `{"from": "2026-02-01", "to": "2026-03-02"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	west := time.FixedZone("west", -3*60*60)
	for _, tab := range PlaygroundTabs(today.In(west)) {
		if strings.Contains(tab.Variables, `"to"`) && !strings.Contains(tab.Variables, `"2026-03-02"`) {
			t.Errorf("%s: not counted in UTC: %s", tab.Name, tab.Variables)
		}
	}
}
