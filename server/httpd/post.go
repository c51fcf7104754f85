package httpd

import (
	"fmt"
	"net/http"
)

// post leads to the query that reads a post, as the front page does. Posts have these addresses until Site.postUrl names a frontend that shows
// them.
func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	slug := r.PathValue("slug")
	var found struct{ Post *struct{ Slug string } }
	if err := s.ask(r.Context(), fmt.Sprintf(`query PostSlug { post(slug: %s) { slug } }`, quoted(slug)), &found); err != nil {
		s.refuse(w, r, err)
		return
	}
	if found.Post == nil {
		s.notFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store") // it may be one person's
	http.Redirect(w, r, playgroundLink(postQuery(slug)), http.StatusSeeOther)
}
