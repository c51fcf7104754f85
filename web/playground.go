package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io"
	"sync"
)

//go:embed playground/dist
var playgroundFiles embed.FS

// PlaygroundPolicy is the Content-Security-Policy under which the playground runs: nothing from or to another origin, no
// inline script, no eval. Its editor makes styles as it goes, so inline style is allowed.
const PlaygroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Asset is one file for a browser, kept compressed.
type Asset struct {
	// Path is the file's place below /playground/ or /account/, as index.html or assets/main-YIFGHKHO.js.
	Path        string
	ContentType string
	// Immutable says that the path names these bytes for ever.
	Immutable bool
	// Size is the length of the plain content in bytes.
	Size int
	// Hash is the SHA-256 of the plain content, in hexadecimal.
	Hash string
	// Gzip and Brotli are the content compressed; a file of the account page has no Brotli. They are shared: do not change them.
	Gzip, Brotli []byte
}

// Plain returns the content uncompressed, for the rare client that accepts no compression. It is made anew on each call.
func (a Asset) Plain() ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(a.Gzip))
	if err != nil {
		return nil, err
	}
	plain := bytes.NewBuffer(make([]byte, 0, a.Size))
	_, err = io.Copy(plain, r)
	return plain.Bytes(), err
}

// Playground returns the file at path below /playground/, which is "index.html" for the page itself. It reports false
// where there is none.
func Playground(path string) (Asset, bool) {
	asset, ok := playgroundAssets()[path]
	return asset, ok
}

// playgroundAssets reads the embedded files once. They are part of the program: one that can't be read is a fault of the
// build, and panics.
var playgroundAssets = sync.OnceValue(func() map[string]Asset {
	var assets []Asset
	readJSON("manifest.json", &assets)
	byPath := make(map[string]Asset, len(assets))
	for _, asset := range assets {
		asset.Gzip = readDist(asset.Path + ".gz")
		asset.Brotli = readDist(asset.Path + ".br")
		byPath[asset.Path] = asset
	}
	return byPath
})

func readJSON(name string, target any) {
	if err := json.Unmarshal(readDist(name), target); err != nil {
		panic("web: " + name + ": " + err.Error())
	}
}

func readDist(name string) []byte {
	body, err := playgroundFiles.ReadFile("playground/dist/" + name)
	if err != nil {
		panic("web: " + err.Error())
	}
	return body
}
