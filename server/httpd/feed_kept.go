package httpd

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"

	"headwater/web"
)

// maxKeptFeeds is how many bytes of feeds, compressed, are kept for the next who ask.
const maxKeptFeeds = 32 << 20

// feeds keeps what was written of feeds as long as nothing changes that they show. One is written at a time, so that many who ask at once, as
// those who follow a site do when something is published, ask for little.
type feeds struct {
	writing *gate

	mu    sync.Mutex
	kept  map[string]keptFeed
	bytes int
}

// keptFeed is a feed as it was in a state.
type keptFeed struct {
	state string
	asset web.Asset
}

func newFeeds(queue int) *feeds {
	return &feeds{writing: newGate(1, queue), kept: map[string]keptFeed{}}
}

// get returns what is asked for as it was kept, or as write writes it now. OVERLOADED where too many wait for it, and write's errors.
func (f *feeds) get(ctx context.Context, asked feedQuestion, contentType string, write func(io.Writer) error) (web.Asset, error) {
	if asset, ok := f.find(asked); ok {
		return asset, nil
	}
	if err := f.writing.enter(ctx); err != nil {
		return web.Asset{}, err
	}
	defer f.writing.leave()
	if asset, ok := f.find(asked); ok {
		return asset, nil
	}
	asset, err := written(contentType, write)
	if err == nil {
		f.keep(asked, asset)
	}
	return asset, err
}

func (f *feeds) find(asked feedQuestion) (web.Asset, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept, ok := f.kept[asked.key()]
	return kept.asset, ok && kept.state == asked.state()
}

// keep keeps a feed in the place of what it was before, and lets go of all others where there is no room.
func (f *feeds) keep(asked feedQuestion, asset web.Asset) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bytes += len(asset.Gzip) - len(f.kept[asked.key()].asset.Gzip)
	if f.bytes > maxKeptFeeds {
		clear(f.kept)
		f.bytes = len(asset.Gzip)
	}
	f.kept[asked.key()] = keptFeed{asked.state(), asset}
}

// written returns what write writes, compressed as it comes.
func written(contentType string, write func(io.Writer) error) (web.Asset, error) {
	var packed bytes.Buffer
	sum, size := sha256.New(), &countWriter{}
	packing := gzip.NewWriter(&packed)
	if err := write(io.MultiWriter(packing, sum, size)); err != nil {
		return web.Asset{}, err
	}
	if err := packing.Close(); err != nil {
		return web.Asset{}, err
	}
	return web.Asset{ContentType: contentType, Size: size.bytes, Hash: hex.EncodeToString(sum.Sum(nil)), Gzip: packed.Bytes()}, nil
}

// countWriter counts what is written to it.
type countWriter struct{ bytes int }

func (c *countWriter) Write(p []byte) (int, error) {
	c.bytes += len(p)
	return len(p), nil
}
