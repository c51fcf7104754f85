// Package graph answers the schema out of SQLite: resolvers as gqlgen has them written, with a dataloader for each thing that lists refer to.
package graph

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// Resolver is the root.
type Resolver struct{ DB *sqlx.DB }

type (
	queryResolver         struct{ *Resolver }
	mutationResolver      struct{ *Resolver }
	postResolver          struct{ *Resolver }
	postMetricsResolver   struct{ *Resolver }
	metricsResolver       struct{ *Resolver }
	postMetricRowResolver struct{ *Resolver }
)

func (r *Resolver) Query() QueryResolver                 { return &queryResolver{r} }
func (r *Resolver) Mutation() MutationResolver           { return &mutationResolver{r} }
func (r *Resolver) Post() PostResolver                   { return &postResolver{r} }
func (r *Resolver) PostMetrics() PostMetricsResolver     { return &postMetricsResolver{r} }
func (r *Resolver) Metrics() MetricsResolver             { return &metricsResolver{r} }
func (r *Resolver) PostMetricRow() PostMetricRowResolver { return &postMetricRowResolver{r} }

func (r *queryResolver) Post(ctx context.Context, slug string) (*Post, error) {
	var post Post
	err := r.DB.GetContext(ctx, &post, `SELECT * FROM post WHERE slug = ?`, slug)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &post, err
}

func (r *queryResolver) Posts(ctx context.Context, first int, after *string) (*PostConnection, error) {
	before, beforeID := time.Now().UnixMilli()+1, int64(0)
	if after != nil {
		var err error
		if before, beforeID, err = parseCursor(*after); err != nil {
			return nil, err
		}
	}
	first = min(max(first, 0), 100)
	var posts []Post
	err := r.DB.SelectContext(ctx, &posts, `SELECT * FROM post WHERE (published_at, id) < (?, ?)
		ORDER BY published_at DESC, id DESC LIMIT ?`, before, beforeID, first+1)
	if err != nil {
		return nil, err
	}
	info := PageInfo{HasNextPage: len(posts) > first}
	posts = posts[:min(len(posts), first)]
	if len(posts) > 0 {
		cursor := posts[len(posts)-1].cursor()
		info.EndCursor = &cursor
	}
	return &PostConnection{Nodes: posts, PageInfo: &info}, nil
}

func (r *queryResolver) Metrics(_ context.Context, rangeArg RangeInput) (*Metrics, error) {
	return &Metrics{Range: rangeArg}, nil
}

func (r *postResolver) Author(ctx context.Context, post *Post) (*Author, error) {
	return loadersFrom(ctx).authors.Load(ctx, post.AuthorID)
}

func (r *postResolver) Tags(ctx context.Context, post *Post) ([]Tag, error) {
	return loadersFrom(ctx).tags.Load(ctx, post.ID)
}

func (r *postResolver) Metrics(_ context.Context, post *Post, rangeArg RangeInput) (*PostMetrics, error) {
	return &PostMetrics{PostID: post.ID, Range: rangeArg}, nil
}

func (r *postMetricsResolver) Series(ctx context.Context, metrics *PostMetrics, _ Interval) (*MetricSeries, error) {
	var rows []struct {
		Day      Date `db:"day"`
		Views    int  `db:"views"`
		Visitors int  `db:"visitors"`
	}
	from, to := metrics.Range.From, metrics.Range.To
	err := r.DB.SelectContext(ctx, &rows, `SELECT day, views, visitors FROM post_day WHERE post_id = ? AND day BETWEEN ? AND ?`, metrics.PostID, from, to)
	if err != nil {
		return nil, err
	}
	days := int(to-from) + 1
	series := MetricSeries{Starts: make([]DateTime, days), Views: make([]int, days), Visitors: make([]int, days)}
	for i := range days {
		series.Starts[i] = (from + Date(i)).start()
	}
	for _, row := range rows {
		series.Views[row.Day-from], series.Visitors[row.Day-from] = row.Views, row.Visitors
	}
	return &series, nil
}

func (r *metricsResolver) TopPosts(ctx context.Context, metrics *Metrics, first int) ([]PostMetricRow, error) {
	var rows []PostMetricRow
	err := r.DB.SelectContext(ctx, &rows, `SELECT top.post_id, post.title, top.views, top.visitors
		FROM (SELECT post_id, SUM(views) AS views, SUM(visitors) AS visitors FROM post_day WHERE day BETWEEN ? AND ?
			GROUP BY post_id ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?) AS top
		JOIN post ON post.id = top.post_id ORDER BY top.views DESC, top.visitors DESC, top.post_id`,
		metrics.Range.From, metrics.Range.To, min(max(first, 0), 100))
	return rows, err
}

func (r *postMetricRowResolver) Post(ctx context.Context, row *PostMetricRow) (*Post, error) {
	return loadersFrom(ctx).posts.Load(ctx, row.PostID)
}

func (r *mutationResolver) RecordEvents(ctx context.Context, input RecordEventsInput) (*RecordEventsPayload, error) {
	tx, err := r.DB.BeginTxx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	day, visitor := time.Now().Unix()/(24*60*60), visitorFrom(ctx)
	for _, event := range input.Events {
		var times int
		err := tx.GetContext(ctx, &times, `INSERT INTO view (post_id, day, visitor, views) VALUES (?, ?, ?, 1)
			ON CONFLICT (post_id, day, visitor) DO UPDATE SET views = views + 1 RETURNING views`, event.PostID, day, visitor)
		if err != nil {
			return nil, err
		}
		fresh := 0
		if times == 1 {
			fresh = 1
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO post_day (post_id, day, views, visitors) VALUES (?, ?, 1, ?)
			ON CONFLICT (post_id, day) DO UPDATE SET views = views + 1, visitors = visitors + excluded.visitors`, event.PostID, day, fresh); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE post SET views = views + 1 WHERE id = ?`, event.PostID); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, err
	}
	return &RecordEventsPayload{Recorded: len(input.Events), UserErrors: []UserError{}}, nil
}
