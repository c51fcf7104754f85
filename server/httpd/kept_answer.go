package httpd

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"headwater/graph"
	"headwater/graph/cache"
	"headwater/logic"
)

// keptVary is all that an answer depends on which others may keep.
var keptVary = []string{"Accept, Accept-Encoding, Authorization, Cookie, Origin, X-Api-Key"}

// How an answer came about, as it is told where the cache is looked into.
const (
	cacheHit  = "HIT"
	cacheMiss = "MISS" // it is kept now
	cachePass = "PASS" // it is not kept
)

// settle says of an answer for how long it holds, and keeps it where others may get it too. It returns true where whoever asks has it already,
// and has been told so.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, media string, answer *graphql.Response) (unchanged bool) {
	made, viewer := makingOf(r.Context()), logic.ViewerFrom(r.Context())
	findings, keeps := made.reading.Findings()
	isWhole := answer.Data != nil && len(answer.Errors) == 0 && len(answer.Extensions) == 0
	if !isWhole || !keeps || !made.hint.Keeps || viewer.User != 0 {
		s.showCache(w.Header(), answer, cachePass)
		return false
	}
	fields := []cache.Field{
		{Name: "Content-Type", Values: contentTypeOf(media)},
		{Name: "Cache-Control", Values: s.controlOf(made, findings, viewer)},
		{Name: "Vary", Values: keptVary},
	}
	if !made.keeps && r.Method == http.MethodPost { // nobody else looks at it
		s.showCache(w.Header(), answer, cachePass)
		setKept(w.Header(), fields)
		return false
	}
	kept := &cache.Answer{
		Operation: recordOf(r.Context()).operation, Made: made.began, Counts: findings.Counts, Header: fields,
		Body: slices.Concat(beforeData, answer.Data, afterData),
	}
	if r.Method != http.MethodPost {
		kept.Tag = `W/"` + cache.TagOf(media, kept.Body) + `"`
		kept.Header = append(kept.Header, cache.Field{Name: "Etag", Values: []string{kept.Tag}})
	}
	status := cachePass
	if made.keeps && s.options.Answers.Keep(made.key, made.address, kept, findings, made.stamp) {
		status = cacheMiss
	}
	s.showCache(w.Header(), answer, status)
	setKept(w.Header(), kept.Header)
	return tellUnchanged(w, r, kept)
}

// controlOf returns for how long an answer may be taken without asking again, and by whom.
func (s *Server) controlOf(made *making, findings logic.Findings, viewer logic.Viewer) []string {
	maxAge := made.hint.MaxAge
	if findings.Counts {
		maxAge = max(0, min(maxAge, s.options.MetricsFreshness))
	}
	isPrivate := made.hint.Private || viewer.Secret
	switch {
	case maxAge < time.Second && isPrivate:
		return privateAtOnce
	case maxAge < time.Second:
		return publicAtOnce
	case isPrivate:
		return []string{"private, max-age=" + strconv.Itoa(int(maxAge/time.Second))}
	}
	return []string{"public, max-age=" + strconv.Itoa(int(maxAge/time.Second))}
}

// What is said of an answer that is to be asked about each time.
var (
	publicAtOnce  = []string{"public, max-age=0, must-revalidate"}
	privateAtOnce = []string{"private, max-age=0, must-revalidate"}
)

// setKept sets the headers of an answer that others may keep. Where a cookie is set along with it, nobody may.
func setKept(header http.Header, fields []cache.Field) {
	for _, field := range fields {
		header[field.Name] = field.Values
	}
	if header["Set-Cookie"] != nil {
		header["Cache-Control"] = noStore
	}
}

// tellUnchanged answers 304 where the request says that the answer is known, and returns whether it did.
func tellUnchanged(w http.ResponseWriter, r *http.Request, answer *cache.Answer) bool {
	if answer.Tag == "" || !hasTag(r.Header["If-None-Match"], answer.Tag) {
		return false
	}
	delete(w.Header(), "Content-Type")
	w.WriteHeader(http.StatusNotModified)
	return true
}

// hasTag tells whether a tag is among those of an If-None-Match, as weak ones are compared.
func hasTag(known []string, tag string) bool {
	for _, line := range known {
		for text := range strings.SplitSeq(line, ",") {
			text = strings.TrimSpace(text)
			if text == "*" || strings.TrimPrefix(text, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}

// writeKept answers what was kept.
func (s *Server) writeKept(w http.ResponseWriter, r *http.Request, answer *cache.Answer) {
	recordOf(r.Context()).operation = answer.Operation
	header := w.Header()
	if r.Header["Cookie"] != nil {
		s.deliver(header, r, graph.SessionJar{})
	}
	setKept(header, answer.Header)
	age := time.Duration(s.options.Clock()-answer.Made) * time.Millisecond
	if answer.Counts {
		header["Age"] = []string{strconv.Itoa(secondsOf(age))}
	}
	body := answer.Body
	switch {
	case s.options.DebugCache:
		header["X-Cache"] = []string{cacheHit}
		body = append(append(append([]byte(nil), body[:len(body)-1]...), `,"extensions":`...), mustJSON(cacheExtension(cacheHit, age))...)
		body = append(body, '}')
	case tellUnchanged(w, r, answer):
		return
	case takesGzip(r.Header["Accept-Encoding"]):
		if compressed := answer.Compressed(); compressed != nil {
			header["Content-Encoding"] = gzipEncoding
			body = compressed
		}
	}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // whoever has left gets nothing
}

var gzipEncoding = []string{"gzip"}

// takesGzip tells whether what was compressed by gzip is understood.
func takesGzip(accepted []string) bool {
	for _, line := range accepted {
		for text := range strings.SplitSeq(line, ",") {
			coding, weight, _ := strings.Cut(text, ";")
			if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
				name, value, _ := strings.Cut(strings.TrimSpace(weight), "=")
				quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
				return !strings.EqualFold(strings.TrimSpace(name), "q") || err == nil && quality > 0
			}
		}
	}
	return false
}

// showCache tells how an answer came about, where the cache is looked into.
func (s *Server) showCache(header http.Header, answer *graphql.Response, status string) {
	if !s.options.DebugCache {
		return
	}
	header["X-Cache"] = []string{status}
	if answer.Extensions == nil {
		answer.Extensions = map[string]any{}
	}
	for name, value := range cacheExtension(status, 0) {
		answer.Extensions[name] = value
	}
}

// cacheExtension is what an answer says of the cache, with its age in milliseconds.
func cacheExtension(status string, age time.Duration) map[string]any {
	return map[string]any{"cache": map[string]any{"status": status, "age": age.Milliseconds()}}
}
