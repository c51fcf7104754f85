package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"headwater/logic"
	"headwater/logic/content"
	"headwater/logic/content/render"
)

// planned runs statements like the one that it stands before, and checks beforehand how SQLite will carry each out.
type planned struct {
	source
	t    *testing.T
	seen map[string][]string // the steps of each statement's plan, by its name
}

func (p planned) run(ctx context.Context, query string, args []any, take func(*row) error) (int64, error) {
	p.check(ctx, query, args)
	return p.source.run(ctx, query, args, take)
}

// planStep is a row of EXPLAIN QUERY PLAN.
type planStep struct {
	ID, Parent, Notused int
	Detail              string
}

var (
	statementName = regexp.MustCompile(`^/\* ([\w: ]+) \*/\s`)
	// namedStatement is the same in a source.
	namedStatement = regexp.MustCompile(`/\* ([\w: ]+) \*/\s`)
	// scanned is what may be read from end to end: lists that came with the question, results of other steps, whose sizes are
	// those of pages and lists of names, the full-text indexes by their words, webhooks, of which there are 20 at most, and, each hour, how
	// many sign-ups and tries there are.
	scanned = regexp.MustCompile(`^SCAN (` +
		`(asked|span|shelf|name|wanted|tagged|given|json_each) VIRTUAL TABLE INDEX 1:|` +
		`(asked|condition|size|narrowest|source|own|counted|hit|ranked|page|marked|near|total|word|telling|subject|shared|belongs|\(subquery-\d+\))( LEFT-JOIN)?$|` +
		`CONSTANT ROW$|webhook$|metric_recent$|(post|draft|post_word|draft_word|account|media)_search VIRTUAL TABLE INDEX 0:(M\d)?$|` +
		`account_token USING COVERING INDEX account_token_of_nobody$|` +
		`account_try USING (COVERING )?INDEX account_try_by_last_at$)`)
	// indexed is what SQLite may make an index of for one statement: results of other steps.
	indexed = regexp.MustCompile(`^SEARCH (itself|condition|hit|page|size) USING AUTOMATIC `)
)

// check fails the test when a statement has no name, reads a table from end to end, or makes an index of one.
func (p planned) check(ctx context.Context, query string, args []any) {
	p.t.Helper()
	name := statementName.FindStringSubmatch(query)
	if name == nil {
		p.t.Errorf("the statement does not begin with the name of its method:\n%s", query)
		return
	}
	steps, err := selectRows[planStep](ctx, reader{from: p.source, statements: new(atomic.Int64)}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		p.t.Errorf("%v:\n%s", err, query)
		return
	}
	below := map[int][]string{}
	seen := p.seen[name[1]]
	for _, step := range steps {
		below[step.Parent] = append(below[step.Parent], step.Detail)
		seen = append(seen, step.Detail)
		if strings.HasPrefix(step.Detail, "SCAN ") && !scanned.MatchString(step.Detail) ||
			strings.Contains(step.Detail, " AUTOMATIC ") && !indexed.MatchString(step.Detail) {
			p.t.Errorf("%s: %s in\n%s", name[1], step.Detail, query)
		}
	}
	p.seen[name[1]] = seen // there, even where it takes no step
	for _, details := range below {
		// Sorting is for results of other steps, never for what is read of a table, but for counting each once.
		all := strings.Join(details, "\n")
		if strings.Contains(all, "SEARCH q ") && strings.Contains(all, "USE TEMP B-TREE FOR ORDER BY") {
			p.t.Errorf("%s sorts what it reads:\n%s\nin\n%s", name[1], all, query)
		}
	}
}

// plannedStore returns the reader and the writer of a store with every statement checked.
func checkPlans(t *testing.T, s *Store, run func(reader, *writer)) map[string][]string {
	t.Helper()
	seen := map[string][]string{}
	rolledBack := errors.New("rolled back")
	err := s.change(t.Context(), func(w *writer) error {
		checked := reader{from: planned{w.from, t, seen}, statements: &s.statements, leaders: &s.leaders, inside: true}
		run(checked, &writer{reader: checked, keys: s.keys, memory: newMemory(0)})
		return rolledBack
	})
	if !errors.Is(err, rolledBack) {
		t.Fatal(err)
	}
	return seen
}

func TestEveryStatementUsesAnIndex(t *testing.T) {
	s, _ := randomBlog(t)
	ctx := t.Context()
	ids := []logic.PostID{firstPost, firstPost + 1}
	tags, users := []logic.TagID{firstTag}, []logic.UserID{firstUser}
	seen := checkPlans(t, s, func(r reader, w *writer) {
		for _, err := range []error{
			w.ClaimSlug(ctx, "post-1", ids[1], true), w.ReleaseSlugs(ctx, ids[1], nil),
			second(r.PostsByID(ctx, ids)), second(r.PostBySlug(ctx, "post-1")), second(r.Outlines(ctx, ids)),
			second(r.Neighbours(ctx, ids, true)), second(r.Neighbours(ctx, ids, false)), second(r.RelatedPosts(ctx, ids, 3)),
			second(r.Bodies(ctx, ids, content.BodyHTML)), second(r.Bodies(ctx, ids, content.BodyText)),
			second(r.TagsByID(ctx, tags)), second(r.TagNamesByID(ctx, tags)), second(r.TagBySlug(ctx, "tag-1")), second(r.ListedTag(ctx, "tag-1", firstUser)), second(r.ListedTagsByID(ctx, tags, 0)),
			second(r.CountListedTags(ctx)), second(r.Site(ctx)),
			second(r.UsersByID(ctx, users)), second(r.UserByUsername(ctx, "user-1")),
			w.InsertTag(ctx, content.Tag{ID: 1, Slug: "new"}), w.InsertAuthor(ctx, 2, "new", "New", testNow),
			second(w.TagsBySlug(ctx, []string{"new"})), w.UpdateTag(ctx, content.Tag{ID: 1, Slug: "newer"}), w.ClaimTagSlug(ctx, "newer", "Newer", 1),
			second(r.PublicPostsOn(ctx, firstTag)), w.MergeTags(ctx, firstTag+1, firstTag), second(w.AuthorsByUsername(ctx, []string{"new"})),
			w.InsertPost(ctx, newPost(5000), newText("new", render.Term{Term: "new", Weight: 1})),
			w.UpdatePost(ctx, newPost(5000), newText("newer", render.Term{Term: "newer", Weight: 1})),
			w.SetImportedPost(ctx, "source", "digest", newPost(5000).ID), w.FreeSlugs(ctx, ids), w.UpdateSite(ctx, content.Site{}),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		if _, _, err := r.ImportedPost(ctx, "source"); err != nil {
			t.Error(err)
		}
	})
	for name, step := range map[string]string{
		"Neighbours":      "SEARCH q USING COVERING INDEX post_list_by_published_at (list=? AND shelf=? AND (published_at,post_id)>(?,?))",
		"RelatedPosts":    "SEARCH q USING COVERING INDEX post_term_by_term (term_id=? AND open=?)",
		"CountListedTags": "SEARCH tag USING COVERING INDEX tag_by_",
	} {
		mustStep(t, seen, name, step)
	}
}

// mustHaveAll fails the test unless every statement in the files is among those that were tested, by its name.
func mustHaveAll[T any](t *testing.T, tested map[string]T, patterns ...string) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no file is %s (%v)", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range namedStatement.FindAllStringSubmatch(string(source), -1) {
				if _, ok := tested[match[1]]; !ok {
					t.Errorf("the statement %q in %s is not tested", match[1], file)
				}
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

// mustStep fails the test unless a step of a statement's plan begins as given.
func mustStep(t *testing.T, seen map[string][]string, name, start string) {
	t.Helper()
	for _, step := range seen[name] {
		if strings.HasPrefix(step, start) {
			return
		}
	}
	t.Errorf("%s does not take the step\n%s\nbut\n%s", name, start, strings.Join(seen[name], "\n"))
}

func TestPagesOfPostsUseTheIndexOfTheirOrder(t *testing.T) {
	s, posts := randomBlog(t)
	lists := randomLists()
	queries := rapid.Custom(func(draw *rapid.T) content.PostQuery { return drawQuery(draw, posts) })
	searches := rapid.Custom(drawSearch)
	for seed := range 300 {
		query := queries.Example(seed)
		seen := checkPlans(t, s, func(r reader, _ *writer) {
			if _, err := r.PostPages(t.Context(), lists[seed%len(lists):], query); err != nil {
				t.Error(err)
			}
			if _, err := r.CountPosts(t.Context(), lists[seed%len(lists):], query); err != nil {
				t.Error(err)
			}
			search := searches.Example(seed)
			search.Posts = query
			if after := query.Window.After; after != nil {
				after.Score = -1.5
			}
			if _, err := r.SearchPosts(t.Context(), search); err != nil {
				t.Error(err)
			}
			if _, err := r.CountSearch(t.Context(), search); err != nil {
				t.Error(err)
			}
		})
		if len(seen["PostPages"]) > 0 {
			index := "SEARCH q USING COVERING INDEX post_list_by_" + postColumn(query.Order.Field) + " (list=? AND shelf=?"
			mustStep(t, seen, "PostPages", index)
		}
	}
}

func TestPagesOfTagsUseTheIndexOfTheirOrder(t *testing.T) {
	s := openTest(t)
	place := &logic.Cursor{Text: "m", Int: 3, Key: 7}
	for _, window := range []logic.Window{{}, {After: place}, {Before: place, Backward: true}, {After: place, Before: place}} {
		for _, direction := range bothDirections {
			for field, index := range map[content.TagOrderField]string{
				content.TagOrderName: "tag_by_name", content.TagOrderPostCount: "tag_by_post_count",
			} {
				seen := checkPlans(t, s, func(r reader, _ *writer) {
					if _, err := r.ListedTags(t.Context(), content.TagQuery{Order: content.TagOrder{Field: field, Direction: direction}, Window: window}); err != nil {
						t.Error(err)
					}
				})
				mustStep(t, seen, "ListedTags", "SEARCH tag USING INDEX "+index+" (listed=?")
			}
		}
	}
}

func TestPlansDoNotDependOnArguments(t *testing.T) {
	s := openTest(t)
	// With a look at its argument, SQLite would search the index for what begins like it; and plan every statement each time.
	steps, err := selectRows[planStep](t.Context(), s.reader(), `EXPLAIN QUERY PLAN SELECT slug FROM tag WHERE slug GLOB ?`, "tag-*")
	if err != nil || len(steps) != 1 || !strings.HasPrefix(steps[0].Detail, "SCAN tag") {
		t.Errorf("the plan is %v (%v), want one that holds for every argument", steps, err)
	}
}
