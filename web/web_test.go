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
	var tabs []struct{ Name, Query, Variables string }
	readJSON("tabs.json", &tabs)
	var names []string
	for _, tab := range tabs {
		names = append(names, tab.Name)
		if !strings.Contains(tab.Query, "query "+tab.Name) {
			t.Errorf("%s: its query has another name", tab.Name)
		}
		if !strings.HasPrefix(tab.Query, "# ") {
			t.Errorf("%s: its query says nothing of itself", tab.Name)
		}
		var variables map[string]any
		if err := json.Unmarshal([]byte(tab.Variables), &variables); err != nil || variables == nil {
			t.Errorf("%s: variables %s: %v", tab.Name, tab.Variables, err)
		}
	}
	if want := []string{"NewestPosts", "SearchPosts", "PostWithMetrics", "LastThirtyDays", "WhoAmI", "WhatWritersSee"}; !slices.Equal(names, want) {
		t.Errorf("got tabs %v, want %v", names, want)
	}
}
