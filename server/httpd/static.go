package httpd

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"

	"headwater/web"
)

// folder is an application for browsers: where it is, its files, and the Content-Security-Policy that it runs under.
type folder struct {
	root   string
	find   func(path string) (web.Asset, bool)
	policy string
}

var folders = []folder{{"/playground", web.Playground, web.PlaygroundPolicy}, {"/account", web.Account, web.AccountPolicy}}

// files sends a folder's files as they were compressed when the program was built.
func (s *Server) files(folder folder) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, folder.root), "/")
		if path == "" {
			path = "index.html"
		}
		asset, ok := folder.find(path)
		if !ok {
			s.notFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", folder.policy)
		sendAsset(w, r, asset)
	}
}

// sendAsset sends a file in the best encoding that the reader takes.
func sendAsset(w http.ResponseWriter, r *http.Request, asset web.Asset) {
	header := w.Header()
	header.Set("Content-Type", asset.ContentType)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if asset.Immutable {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, encoding := asset.Gzip, "gzip"
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case accepts(accepted, "br") && asset.Brotli != nil:
		body, encoding = asset.Brotli, "br"
	case !accepts(accepted, "gzip"):
		encoding = ""
	}
	// Each encoding is a representation of its own.
	tag := `"` + asset.Hash + encoding + `"`
	header.Set("ETag", tag)
	if isUnchanged(r.Header, tag, header.Get("Last-Modified")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	size := asset.Size
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
		size = len(body)
	}
	header.Set("Content-Length", strconv.Itoa(size))
	switch {
	case r.Method == http.MethodHead:
	case encoding == "":
		writePlain(w, asset)
	default:
		_, _ = w.Write(body) // the reader may have left
	}
}

// writePlain unpacks an asset as it is written, for the rare reader that accepts no compression.
func writePlain(w http.ResponseWriter, asset web.Asset) {
	plain, err := gzip.NewReader(bytes.NewReader(asset.Gzip))
	if err != nil {
		panic(err) // it was packed by this program, or when that was built
	}
	_, _ = io.Copy(w, plain) // the reader may have left
}

// isUnchanged tells whether a reader has what tag names, or, where it names no tag, what was last modified when it says.
func isUnchanged(asked http.Header, tag, lastModified string) bool {
	if known, ok := asked["If-None-Match"]; ok {
		return matches(strings.Join(known, ","), tag)
	}
	since, err := http.ParseTime(asked.Get("If-Modified-Since"))
	changed, notTold := http.ParseTime(lastModified)
	return err == nil && notTold == nil && !changed.After(since)
}

// accepts tells whether an Accept-Encoding header names coding and does not rule it out.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		quality, given := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
		return !given || strings.Trim(quality, "0.") != ""
	}
	return false
}

// matches tells whether an If-None-Match header names tag; a weak mark does not matter there.
func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimSpace(part); part == "*" || strings.TrimPrefix(part, "W/") == tag {
			return true
		}
	}
	return false
}
