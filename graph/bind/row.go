package bind

import (
	"headwater/logic/account"
	"headwater/logic/content"
	"headwater/logic/metric"
)

// Post is a post among those that were read with it.
type Post struct {
	content.Post
	Batch *Batch[content.Post]
}

// Posts makes rows of one batch of posts.
func Posts(rows []content.Post) []Post {
	return rowsOf(rows, func(row content.Post, batch *Batch[content.Post]) Post { return Post{row, batch} })
}

// Tag is a tag among those that were read with it.
type Tag struct {
	content.Tag
	Batch *Batch[content.Tag]
}

// Tags makes rows of one batch of tags.
func Tags(rows []content.Tag) []Tag {
	return rowsOf(rows, func(row content.Tag, batch *Batch[content.Tag]) Tag { return Tag{row, batch} })
}

// User is a user among those who were read together.
type User struct {
	account.User
	Batch *Batch[account.User]
}

// Users makes rows of one batch of users.
func Users(rows []account.User) []User {
	return rowsOf(rows, func(row account.User, batch *Batch[account.User]) User { return User{row, batch} })
}

// PostMetrics is the metrics of one post among the posts that were read with it.
type PostMetrics struct {
	metric.PostReport
	Batch *Batch[content.Post]
}

// PostMetricRow is the figures of one post among those that stand in the same list.
type PostMetricRow struct {
	metric.PostRow
	Batch *Batch[metric.PostRow]
}

// PostMetricRows makes rows of one batch of figures.
func PostMetricRows(rows []metric.PostRow) []PostMetricRow {
	return rowsOf(rows, func(row metric.PostRow, batch *Batch[metric.PostRow]) PostMetricRow { return PostMetricRow{row, batch} })
}

// rowsOf makes rows that know their batch.
func rowsOf[T, Row any](rows []T, of func(T, *Batch[T]) Row) []Row {
	batch := &Batch[T]{Rows: rows}
	bound := make([]Row, len(rows))
	for i, row := range rows {
		bound[i] = of(row, batch)
	}
	return bound
}
