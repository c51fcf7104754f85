package httpd

import (
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
		plain, err := asset.Plain()
		if err != nil {
			panic(err) // part of the program, compressed when it was built
		}
		body, encoding = plain, ""
	}
	// Each encoding is a representation of its own.
	tag := `"` + asset.Hash + encoding + `"`
	header.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader may have left
	}
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
