package httpd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"headwater/logic"
)

//go:embed front/*.html front/front.css
var frontFiles embed.FS

var frontTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"playground": playgroundLink,
	"postQuery":  postQuery,
	"count":      groupDigits,
	"join":       join,
}).ParseFS(frontFiles, "front/*.html"))

// frontPolicy lets the pages have their style and nothing else.
const frontPolicy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// chartDays is how many days the front page's chart shows.
const chartDays = 30

// newestQuery is what the first part of the front page shows.
const newestQuery = `query NewestPosts {
  posts(first: 6) {
    nodes {
      title
      slug
      publishedAt
      readingMinutes
      views
      excerpt(length: 180)
      authors { name }
      tags { name }
    }
    totalCount
  }
}`

// siteQuery is what the page needs to know of the site before anything else.
const siteQuery = `query FrontSite { site { title description language timeZone } }`

// viewsQuery returns what the second part of the front page shows, with the days in it, so that it runs as it stands.
func viewsQuery(from, to logic.Day) string {
	return fmt.Sprintf(`query LastThirtyDays {
  metrics(range: {
    from: %q
    to: %q
  }) {
    totals { views visitors visits }
    series(interval: DAY) { starts views }
    topPosts(first: 5) {
      title
      views
      post { slug }
    }
  }
}`, from, to)
}

// postQuery returns the query that reads one post.
func postQuery(slug string) string {
	return fmt.Sprintf(`query OnePost {
  post(slug: %s) {
    title
    publishedAt
    authors { name }
    text
    related { title slug }
  }
}`, quoted(slug))
}

// quoted returns a text as queries have it.
func quoted(text string) string {
	written, _ := json.Marshal(text) // a string can always be encoded
	return string(written)
}

func playgroundLink(query string) string { return "/playground?query=" + url.QueryEscape(query) }

// groupDigits writes a number with a thin space between groups of three digits.
func groupDigits(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "\u202f" + digits[at:]
	}
	return digits
}

// frontPage is what the template shows.
type frontPage struct {
	Site struct {
		Title, Description, Language, TimeZone string
	}
	Posts *frontPosts // nil where they could not be read
	Views *frontViews // nil where they could not be read, or the viewer may not see them

	AreViewsHidden bool // from this viewer

	NewestQuery, ViewsQuery string
}

type frontPosts struct {
	Nodes []struct {
		Title, Slug, Excerpt string
		PublishedAt          *time.Time
		ReadingMinutes       int
		Views                *int64 // nil where they are not shown
		Authors, Tags        []struct{ Name string }
	}
	TotalCount int64
}

type frontViews struct {
	Totals struct{ Views, Visitors, Visits int64 }
	Series struct {
		Starts []time.Time
		Views  []int64
	}
	TopPosts []struct {
		Title string
		Views int64
		Post  *struct{ Slug string }
	}

	Chart chart `json:"-"`
}

// front answers the front page: what the endpoint holds, read through the endpoint as the viewer that it is for.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	page := frontPage{NewestQuery: newestQuery}
	var site struct {
		Site *struct{ Title, Description, Language, TimeZone string }
	}
	if err := s.ask(r.Context(), siteQuery, &site); err == nil && site.Site != nil {
		page.Site = *site.Site
	}
	zone, err := time.LoadLocation(page.Site.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	today := logic.DayOf(s.options.Clock(), zone)
	page.ViewsQuery = viewsQuery(today-chartDays+1, today)

	var newest struct{ Posts *frontPosts }
	if err := s.ask(r.Context(), newestQuery, &newest); err == nil {
		page.Posts = newest.Posts
	}
	var views struct{ Metrics *frontViews }
	err = s.ask(r.Context(), page.ViewsQuery, &views)
	page.AreViewsHidden = logic.CodeOf(err) == logic.CodeForbidden
	if err == nil && views.Metrics != nil {
		page.Views = views.Metrics
		page.Views.Chart = drawChart(page.Views.Series.Starts, page.Views.Series.Views, zone)
	}
	w.Header().Set("Cache-Control", "no-store") // it may be one person's
	s.writePage(w, r, http.StatusOK, "front.html", page)
}

// ask reads the data of a query of ours into target. What went wrong is in the log, but for what the viewer may not read.
func (s *Server) ask(ctx context.Context, query string, target any) error {
	answer, err := s.execute(ctx, &graphql.RawParams{Query: query}, true)
	if err == nil && len(answer.Errors) > 0 {
		err = logic.Fault(firstCode(answer.Errors), "%v", answer.Errors)
	}
	if err == nil {
		err = json.Unmarshal(answer.Data, target)
	}
	if err != nil && ctx.Err() == nil && logic.CodeOf(err) != logic.CodeForbidden {
		s.options.Logger.WarnContext(ctx, "front page", "id", logic.RequestID(ctx), "error", err)
	}
	return err
}

// frontStyleTag names the style by its content. It is weak, since it names the compressed style too.
var frontStyleTag = sync.OnceValue(func() string {
	style, err := frontFiles.ReadFile("front/front.css")
	if err != nil {
		panic(err) // part of the program
	}
	return fmt.Sprintf(`W/"%x"`, sha256.Sum256(style))
})

func frontStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", frontStyleTag())
	http.ServeFileFS(w, r, frontFiles, "front/front.css")
}

// notFound answers every address that leads nowhere.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	s.writePage(w, r, http.StatusNotFound, "missing.html", nil)
}

// writePage renders a page whole before it writes any of it.
func (s *Server) writePage(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var body bytes.Buffer
	if err := frontTemplates.ExecuteTemplate(&body, name, data); err != nil {
		s.options.Logger.ErrorContext(r.Context(), "page", "id", logic.RequestID(r.Context()), "error", err)
		writeText(w, http.StatusInternalServerError, logic.ErrInternal.Message+"\n")
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", frontPolicy)
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // the reader may have left
}

// dayName writes a moment's day in zone, as 24 November.
func dayName(moment time.Time, zone *time.Location) string {
	return moment.In(zone).Format("2 January")
}

// join writes names one after the other, as people do.
func join(names []struct{ Name string }) string {
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = name.Name
	}
	return strings.Join(texts, ", ")
}
