package httpd

import (
	"mime"
	"net/http"
	"strconv"
	"time"

	"headwater/logic"
)

const (
	// shownPolicy lets a browser show a file by itself, and the file nothing.
	shownPolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// savedPolicy is for what a browser is to save, and shows all the same.
	savedPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
	// slowLine is how many bytes a second a line carries at least that gets the largest file.
	slowLine = 32 << 10
)

// mediaFile serves a file that was uploaded to whoever knows its name. Under one name there is never anything else, so that it is kept by
// everyone for good.
func (s *Server) mediaFile(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := s.withTimeout(r.Context())
	defer cancel()
	name := r.PathValue("name")
	file, err := s.options.Content.OpenMedia(ctx, name)
	if logic.CodeOf(err) == logic.CodeNotFound {
		s.notFound(w, r)
		return
	}
	if err != nil {
		s.refuse(w, r, timeout(ctx, err))
		return
	}
	defer file.Content.Close()
	header, policy, disposition := w.Header(), savedPolicy, "attachment"
	if file.Inline {
		policy, disposition = shownPolicy, "inline"
	}
	header.Set("Content-Security-Policy", policy)
	header.Set("Content-Disposition", dispositionOf(disposition, file.Filename))
	header.Set("Content-Type", file.MimeType)
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // frontends are elsewhere
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("ETag", strconv.Quote(name))
	long := s.options.Limits.Write + time.Duration(file.Size/slowLine)*time.Second
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(long)) // where it can't be set, there is none
	http.ServeContent(w, r, name, file.CreatedAt.Time(), file.Content)
}

// dispositionOf says what a browser is to do with a file, and what people call it.
func dispositionOf(what, filename string) string {
	if text := mime.FormatMediaType(what, map[string]string{"filename": filename}); text != "" {
		return text
	}
	return what
}
