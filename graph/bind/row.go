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
	batch := &Batch[content.Post]{Rows: rows}
	posts := make([]Post, len(rows))
	for i, row := range rows {
		posts[i] = Post{row, batch}
	}
	return posts
}

// Tag is a tag among those that were read with it.
type Tag struct {
	content.Tag
	Batch *Batch[content.Tag]
}

// Tags makes rows of one batch of tags.
func Tags(rows []content.Tag) []Tag {
	batch := &Batch[content.Tag]{Rows: rows}
	tags := make([]Tag, len(rows))
	for i, row := range rows {
		tags[i] = Tag{row, batch}
	}
	return tags
}

// User is a user among those who were read together.
type User struct {
	account.User
	Batch *Batch[account.User]
}

// Users makes rows of one batch of users.
func Users(rows []account.User) []User {
	batch := &Batch[account.User]{Rows: rows}
	users := make([]User, len(rows))
	for i, row := range rows {
		users[i] = User{row, batch}
	}
	return users
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
	batch := &Batch[metric.PostRow]{Rows: rows}
	figures := make([]PostMetricRow, len(rows))
	for i, row := range rows {
		figures[i] = PostMetricRow{row, batch}
	}
	return figures
}
