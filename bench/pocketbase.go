package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// rest is spoken by PocketBase: the same questions put to its records, and its answers read as what Headwater would have said.
type rest struct{}

func (rest) request(w workload, p place) (*http.Request, error) {
	if w.writes {
		request, err := post("/api/collections/views/records", map[string]any{"post": p.id})
		if err == nil {
			request.Header.Set("X-Forwarded-For", p.reader)
		}
		return request, err
	}
	collection, query := "posts", url.Values{"skipTotal": {"1"}}
	switch w.name {
	case "Q2":
		query.Set("expand", "author,tags")
		query.Set("fields", "id,slug,title,published,views,expand.author.id,expand.author.name,expand.tags.id,expand.tags.slug,expand.tags.name")
		newest(query, 20, p.after)
	case "Q3":
		query.Set("perPage", "1")
		query.Set("filter", "slug='"+p.slug+"'")
		query.Set("expand", "author,tags")
		query.Set("fields", "id,slug,title,html,headings,published,expand.author.id,expand.author.name,expand.tags.id,expand.tags.slug,expand.tags.name")
	case "Q4":
		from, to, err := p.days()
		if err != nil {
			return nil, err
		}
		collection = "post_days"
		query.Set("perPage", "30")
		query.Set("filter", fmt.Sprintf("post.slug='%s' && day>=%d && day<=%d", p.slug, from, to))
		query.Set("fields", "day,views,visitors")
	case "Q6":
		query.Set("expand", "author")
		query.Set("fields", "id,slug,title,published,expand.author.id,expand.author.name")
		newest(query, 100, p.afterAll)
	}
	return http.NewRequest(http.MethodGet, "/api/collections/"+collection+"/records?"+query.Encode(), http.NoBody)
}

// newest asks for a page of posts, and one more to see whether there is another page.
func newest(query url.Values, first int, after string) {
	query.Set("perPage", strconv.Itoa(first+1))
	query.Set("sort", "-published")
	if after != "" {
		query.Set("filter", "published<'"+after+"'")
	}
}

func (rest) verify(w workload) func([]byte) error {
	wanted := []byte(`"items":[{`)
	switch {
	case w.writes:
		wanted = []byte(`"collectionName":"views"`)
	case w.name == "Q4":
		wanted = []byte(`"items":[`) // nobody may have come in those days
	}
	return func(answer []byte) error {
		if !bytes.Contains(answer, wanted) {
			return fmt.Errorf("%s was answered by %.500s", w.name, answer)
		}
		return nil
	}
}

// record is a row of any of PocketBase's collections.
type record struct {
	ID, Slug, Title, Published, HTML string
	Headings                         []any
	Day, Views, Visitors             int64
	Expand                           struct {
		Author struct{ Name string }
		Tags   []struct{ Slug, Name string }
	}
}

func records(answer []byte) ([]record, error) {
	var decoded struct{ Items []record }
	err := json.Unmarshal(answer, &decoded)
	return decoded.Items, err
}

func (rest) page(answer []byte) (found page, err error) {
	items, err := records(answer)
	if err != nil {
		return page{}, err
	}
	found.PageInfo.HasNextPage = len(items) > 20
	for _, item := range items[:min(20, len(items))] {
		node := pageNode{ID: item.ID, Slug: item.Slug, Views: item.Views}
		found.Nodes, found.PageInfo.EndCursor = append(found.Nodes, node), item.Published
	}
	return found, nil
}

func (rest) facts(w workload, p place, answer []byte) (any, error) {
	items, err := records(answer)
	if err != nil {
		return nil, err
	}
	switch w.name {
	case "Q2":
		return listFacts(items, 20, func(post map[string]any, item record) {
			post["tags"], post["views"] = item.tags(), float64(item.Views)
		}), nil
	case "Q6":
		return listFacts(items, 100, func(map[string]any, record) {}), nil
	case "Q3":
		post := items[0].post()
		post["tags"], post["html"], post["headings"] = items[0].tags(), items[0].HTML, items[0].Headings
		return map[string]any{"post": post}, nil
	case "Q4":
		return seriesFacts(items, p)
	}
	return nil, fmt.Errorf("nothing is known of %s", w.name)
}

func listFacts(items []record, first int, add func(map[string]any, record)) any {
	nodes := []any{}
	for _, item := range items[:min(first, len(items))] {
		post := item.post()
		add(post, item)
		nodes = append(nodes, post)
	}
	return map[string]any{"posts": map[string]any{"nodes": nodes, "pageInfo": map[string]any{"hasNextPage": len(items) > first}}}
}

func (r record) post() map[string]any {
	return map[string]any{
		"slug": r.Slug, "title": r.Title, "publishedAt": strings.Replace(r.Published, " ", "T", 1), "author": map[string]any{"name": r.Expand.Author.Name},
	}
}

func (r record) tags() []any {
	var tags []any
	for _, tag := range r.Expand.Tags {
		tags = append(tags, map[string]any{"slug": tag.Slug, "name": tag.Name})
	}
	return tags
}

func seriesFacts(items []record, p place) (any, error) {
	from, to, err := p.days()
	if err != nil {
		return nil, err
	}
	var starts, views, visitors []any
	for day := from; day <= to; day++ {
		starts = append(starts, time.Unix(day*86_400, 0).UTC().Format("2006-01-02T15:04:05.000Z"))
		views, visitors = append(views, float64(0)), append(visitors, float64(0))
	}
	for _, item := range items {
		views[item.Day-from], visitors[item.Day-from] = float64(item.Views), float64(item.Visitors)
	}
	series := map[string]any{"starts": starts, "views": views, "visitors": visitors}
	return map[string]any{"post": map[string]any{"metrics": map[string]any{"series": series}}}, nil
}

// preparePocketBase makes its data folder by its own program.
func preparePocketBase(ctx context.Context, b *bench) ([]string, error) {
	// Without its own driver: go-sqlite3 is faster.
	program, err := b.build(ctx, "bench/peers/pocketbase", ".", pocketBase, "sqlite_fts5,no_default_driver")
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.dir, "data of "+pocketBase)
	if out, err := exec.CommandContext(ctx, program, "fill", dir, b.data.peers).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("fill it: %w\n%s", err, out)
	}
	return []string{program, "serve", dir}, nil
}
