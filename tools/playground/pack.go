package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// contentTypes are all that the bundle may hold.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
	".txt":  "text/plain; charset=utf-8",
}

// entry describes one file in manifest.json, for package web.
type entry struct {
	Path        string `json:"path"`
	ContentType string `json:"contentType"`
	Immutable   bool   `json:"immutable"`
	Size        int    `json:"size"`
	Hash        string `json:"hash"`
}

// pack returns what stands in the distribution, by path: each file twice, compressed by brotli and by gzip, with a
// manifest of them all, and the tabs. The compressors are pinned in go.mod and so give the same bytes under every Go.
func pack(files []file, tabs []tab) (map[string][]byte, error) {
	packed := map[string][]byte{}
	var manifest []entry
	for _, f := range files {
		kind, ok := contentTypes[path.Ext(f.path)]
		if !ok {
			return nil, fmt.Errorf("%s: no content type is known for it", f.path)
		}
		if _, twice := packed[f.path+".gz"]; twice {
			continue
		}
		sum := sha256.Sum256(f.body)
		manifest = append(manifest, entry{f.path, kind, f.hashed, len(f.body), hex.EncodeToString(sum[:])})
		var err error
		if packed[f.path+".br"], err = compressBrotli(f.body); err != nil {
			return nil, err
		}
		if packed[f.path+".gz"], err = compressGzip(f.body); err != nil {
			return nil, err
		}
	}
	var err error
	if packed["manifest.json"], err = indented(manifest); err != nil {
		return nil, err
	}
	packed["tabs.json"], err = indented(tabs)
	return packed, err
}

func compressBrotli(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

func compressGzip(body []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}

func indented(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(value)
	return out.Bytes(), err
}
