package graph

import (
	"context"
	"errors"
	"hash/fnv"
	"net/http"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/vikstrous/dataloadgen"
)

// loaders read for many parents at once; each request has its own.
type loaders struct {
	authors *dataloadgen.Loader[int, *Author]
	posts   *dataloadgen.Loader[int, *Post]
	tags    *dataloadgen.Loader[int, []Tag]
}

type (
	loadersKey struct{}
	visitorKey struct{}
)

func loadersFrom(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

func visitorFrom(ctx context.Context) int64 { return ctx.Value(visitorKey{}).(int64) }

// WithRequest gives each request its loaders, and tells who asks.
func WithRequest(db *sqlx.DB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wait := dataloadgen.WithWait(time.Millisecond)
		ctx := context.WithValue(r.Context(), loadersKey{}, &loaders{
			authors: dataloadgen.NewLoader(byID(db, `SELECT * FROM author WHERE id IN (?)`, func(a *Author) int { return a.ID }), wait),
			posts:   dataloadgen.NewLoader(byID(db, `SELECT * FROM post WHERE id IN (?)`, func(p *Post) int { return p.ID }), wait),
			tags:    dataloadgen.NewLoader(tagsOf(db), wait),
		})
		hash := fnv.New64a()
		hash.Write([]byte(r.Header.Get("X-Forwarded-For") + r.UserAgent()))
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, visitorKey{}, int64(hash.Sum64()))))
	})
}

var errNotFound = errors.New("not found")

func byID[T any](db *sqlx.DB, query string, id func(*T) int) func(context.Context, []int) ([]*T, []error) {
	return func(ctx context.Context, ids []int) ([]*T, []error) {
		var rows []T
		if err := selectIn(ctx, db, &rows, query, ids); err != nil {
			return nil, []error{err}
		}
		found := make(map[int]*T, len(rows))
		for i := range rows {
			found[id(&rows[i])] = &rows[i]
		}
		ordered, errs := make([]*T, len(ids)), make([]error, len(ids))
		for i, id := range ids {
			if ordered[i] = found[id]; ordered[i] == nil {
				errs[i] = errNotFound
			}
		}
		return ordered, errs
	}
}

func tagsOf(db *sqlx.DB) func(context.Context, []int) ([][]Tag, []error) {
	return func(ctx context.Context, posts []int) ([][]Tag, []error) {
		var rows []Tag
		err := selectIn(ctx, db, &rows, `SELECT tag.id, tag.slug, tag.name, post_tag.post_id FROM post_tag JOIN tag ON tag.id = post_tag.tag_id
			WHERE post_tag.post_id IN (?) ORDER BY post_tag.post_id, post_tag.position`, posts)
		if err != nil {
			return nil, []error{err}
		}
		found := make(map[int][]Tag, len(posts))
		for _, row := range rows {
			found[row.PostID] = append(found[row.PostID], row)
		}
		ordered := make([][]Tag, len(posts))
		for i, post := range posts {
			ordered[i] = found[post]
		}
		return ordered, nil
	}
}

func selectIn(ctx context.Context, db *sqlx.DB, rows any, query string, ids []int) error {
	query, args, err := sqlx.In(query, ids)
	if err != nil {
		return err
	}
	return db.SelectContext(ctx, rows, query, args...)
}
