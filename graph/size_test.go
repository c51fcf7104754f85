package graph_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"headwater/graph"
	"headwater/graph/guard"
	"headwater/logic"
)

// firstError returns the first error of an answer, nil where there is none.
func firstError(t *testing.T, got answer) *gqlerror.Error {
	t.Helper()
	var response struct{ Errors gqlerror.List }
	if err := json.Unmarshal(got.Response, &response); err != nil {
		t.Fatal(err)
	}
	if len(response.Errors) == 0 {
		return nil
	}
	return response.Errors[0]
}

// repeated returns n fields that answer the same under names of their own.
func repeated(n int, field string) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "a%d:%s ", i, field)
	}
	return text.String()
}

func TestCostOfRealQueries(t *testing.T) {
	w := openSample(t)
	var response struct {
		Data struct {
			Posts struct{ Nodes []struct{ ID string } }
		}
	}
	if err := json.Unmarshal(w.post(t, `{ posts(first: 1) { nodes { id } } }`, nil).Response, &response); err != nil {
		t.Fatal(err)
	}
	key := w.mustKey(t, logic.AllScopes.List()...)
	ids := strings.Repeat(`"`+response.Data.Posts.Nodes[0].ID+`",`, 100)
	day, year := `range: { from: "2026-11-26", to: "2026-11-26" }`, `range: { from: "2025-11-28", to: "2026-11-27" }`
	totals := `totals { views visitors visits bounceRate secondsPerVisit events }`
	series := `{ starts views visitors visits events }`
	for name, test := range map[string]struct {
		query  string
		passes bool
	}{
		"a dashboard over a year": {`{ metrics(` + year + `) { dataFrom ` + totals + ` previous { ` + totals + ` series ` + series + ` } series ` + series + `
			pages: top(dimension: PATH, first: 100) { value views visitors } sites: top(dimension: REFERRER) { value views visitors }
			devices: top(dimension: DEVICE) { value views } browsers: top(dimension: BROWSER) { value views } systems: top(dimension: OS) { value views }
			topPosts(first: 100) { post { title slug author { name } } title views visitors } } }`, true},
		"twenty posts with their figures":         {`{ posts(first: 20) { nodes { title metrics(` + year + `) { ` + totals + ` series { starts views } } } } }`, true},
		"a hundred posts with their figures":      {`{ posts(first: 100) { nodes { title metrics(` + year + `) { ` + totals + ` series { starts views } } } } }`, true},
		"a hundred posts as a site makes them":    {`{ posts(first: 100) { nodes { id slug title html excerpt publishedAt author { name } authors { name } tags { slug name } previous { slug } next { slug } related { slug title } } } }`, true},
		"fifty posts with their headings":         {`{ posts(first: 50) { nodes { title headings { level text anchor } } } }`, true},
		"a column of minutes 95 times, of 100":    {`{ nodes(ids: [` + ids + `]) { ... on Post { metrics(` + day + `) { series(interval: MINUTE) { ` + repeated(95, "starts") + ` } } } } }`, false},
		"a column of days 95 times, of 100":       {`{ nodes(ids: [` + ids + `]) { ... on Post { metrics(` + year + `) { series { ` + repeated(95, "starts") + ` } } } } }`, false},
		"the headings of 100 posts twenty times":  {`{ posts(first: 100) { nodes { ` + repeated(20, "headings { text }") + ` } } }`, false},
		"the text of 100 posts as it was written": {`{ posts(first: 100) { nodes { markdown text } } }`, true},
		"twenty revisions of a post":              {`{ post(slug: "paging-with-cursors") { revisions { nodes { number title html authors { name } editor { name } } } } }`, true},
		"fifty revisions of a post, rendered":     {`{ post(slug: "paging-with-cursors") { revisions(first: 50) { nodes { html } } } }`, false},
		"what forty revisions changed":            {`{ post(slug: "paging-with-cursors") { revisions(first: 40) { nodes { number title diff editor { name } } } } }`, true},
		"what a hundred revisions changed":        {`{ post(slug: "paging-with-cursors") { revisions(first: 100) { nodes { diff } } } }`, false},
		"a hundred revisions without their text":  {`{ post(slug: "paging-with-cursors") { revisions(first: 100) { nodes { number title createdAt editor { name } client { name } } } } }`, true},
		"twenty working copies, rendered":         {`{ posts(first: 20) { nodes { title workingCopy { title html } } } }`, true},
		"a hundred working copies, rendered":      {`{ posts(first: 100) { nodes { workingCopy { html } } } }`, false},
		"the text of twenty revisions":            {`{ post(slug: "paging-with-cursors") { revisions { nodes { number title markdown createdAt editor { name } } } } }`, true},
		"the text of a hundred revisions":         {`{ post(slug: "paging-with-cursors") { revisions(first: 100) { nodes { markdown } } } }`, false},
		"two previews":                            {`{ ` + repeated(2, `postPreview(token: "none") { title }`) + ` }`, false},
		"thirty previews":                         {`{ ` + repeated(30, `postPreview(token: "none") { title }`) + ` }`, false},
		"thirty writes":                           {`mutation { ` + repeated(30, `createPost(input: { title: "One" }) { post { title } }`) + ` }`, false},
		"the text of 100 posts twenty times":      {`{ posts(first: 100) { nodes { ` + repeated(20, "html") + ` } } }`, false},
	} {
		err := firstError(t, w.postAs(t, key, test.query, nil))
		if test.passes && err != nil || !test.passes && (err == nil || err.Extensions["code"] != string(logic.CodeTooComplex)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLargeAnswerIsNotSent(t *testing.T) {
	w := openSample(t)
	limits := guard.DefaultLimits()
	limits.Answer = 2_000
	w.serve(t, graph.NewExecutor(graph.New(w.services), guard.New(limits, guard.DefaultWeights()), slog.New(slog.DiscardHandler), graph.Introspection{}))
	query := `{ posts(first: 9) { nodes { ` + repeated(5, "excerpt") + ` } } }`
	got := w.post(t, query, nil)
	if err := firstError(t, got); err == nil || err.Extensions["code"] != string(logic.CodeTooComplex) || err.Extensions["requestId"] != requestID {
		t.Errorf("answered %.300s", got.Response)
	}
	if got.Status != http.StatusBadRequest || len(got.Response) > limits.Answer || strings.Contains(string(got.Response), `"data"`) {
		t.Errorf("answered %d with %d bytes: %.300s", got.Status, len(got.Response), got.Response)
	}
	if got := w.post(t, `{ posts(first: 9) { nodes { id } } }`, nil); got.Status != http.StatusOK || firstError(t, got) != nil {
		t.Errorf("a small one answered %d: %.300s", got.Status, got.Response)
	}
}
