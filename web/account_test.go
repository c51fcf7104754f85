package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestAccountFilesAreServed(t *testing.T) {
	names, err := fs.Glob(accountFiles, "account/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %v, %v", names, err)
	}
	for _, name := range names {
		asset, ok := Account(strings.TrimPrefix(name, "account/"))
		if !ok || asset.ContentType == "" || asset.Immutable {
			t.Errorf("%s: got %v, type %q, immutable %v", name, ok, asset.ContentType, asset.Immutable)
		}
		plain, err := asset.Plain()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		written, err := accountFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(plain)
		if string(plain) != string(written) || asset.Size != len(plain) || asset.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %d bytes of another content than the file's %d", name, len(plain), len(written))
		}
	}
}

// What the page names must be there, and it must run under its own policy.
func TestAccountPageStandsAlone(t *testing.T) {
	page, err := accountFiles.ReadFile("account/index.html")
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`(?:src|href)="/account/([^"]*)"`).FindAllStringSubmatch(string(page), -1)
	if len(links) != 2 {
		t.Errorf("the page names %v", links)
	}
	for _, link := range links {
		if _, ok := Account(link[1]); !ok {
			t.Errorf("the page names %s, which is not there", link[1])
		}
	}
	for _, forbidden := range []string{`<script[^>]*>[^<]`, `<style`, `style=`, `\son[a-z]+=`, `="(?:https?:)?//`} {
		if found := regexp.MustCompile(forbidden).Find(page); found != nil {
			t.Errorf("the page has %q, which its policy forbids", found)
		}
	}
}

func TestUnknownAccountPathsAreNotFound(t *testing.T) {
	for _, path := range []string{"", "/", "account", "../doc.go", "index.html.gz"} {
		if _, ok := Account(path); ok {
			t.Errorf("%q is found", path)
		}
	}
}
