package main

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// fill makes the collections and copies the peers' file into them.
func fill(app core.App, file string) error {
	settings := app.Settings()
	settings.Logs.MaxDays = 0
	if err := app.Save(settings); err != nil {
		return err
	}
	open := types.Pointer("")
	related := func(name string, to *core.Collection, most int) *core.RelationField {
		return &core.RelationField{Name: name, CollectionId: to.Id, MaxSelect: most}
	}
	authors := core.NewBaseCollection("authors")
	authors.Fields.Add(&core.TextField{Name: "username"}, &core.TextField{Name: "name"})
	tags := core.NewBaseCollection("tags")
	tags.Fields.Add(&core.TextField{Name: "slug"}, &core.TextField{Name: "name"})
	posts := core.NewBaseCollection("posts")
	postDays := core.NewBaseCollection("post_days")
	views := core.NewBaseCollection("views")
	for _, step := range []struct {
		collection *core.Collection
		fields     func()
	}{
		{authors, func() {}},
		{tags, func() {}},
		{posts, func() {
			posts.Fields.Add(&core.TextField{Name: "slug"}, &core.TextField{Name: "title"}, related("author", authors, 1), related("tags", tags, 32),
				&core.DateField{Name: "published"}, &core.NumberField{Name: "views"}, &core.JSONField{Name: "headings"}, &core.EditorField{Name: "html"})
			posts.AddIndex("posts_by_slug", true, "slug", "")
			posts.AddIndex("posts_by_published", false, "published", "")
		}},
		{postDays, func() {
			postDays.Fields.Add(related("post", posts, 1), &core.NumberField{Name: "day"}, &core.NumberField{Name: "views"}, &core.NumberField{Name: "visitors"})
			postDays.AddIndex("post_days_by_post", true, "post, day", "")
		}},
		{views, func() {
			views.Fields.Add(related("post", posts, 1), &core.NumberField{Name: "day"}, &core.TextField{Name: "visitor"})
			views.AddIndex("views_by_post", false, "post, day, visitor", "")
			views.CreateRule = open
		}},
	} {
		step.fields()
		step.collection.ListRule, step.collection.ViewRule = open, open
		if err := app.Save(step.collection); err != nil {
			return err
		}
	}
	return copyRows(app, file)
}

func copyRows(app core.App, file string) error {
	const (
		authorKey = `printf('author%%09d', %s)`
		tagKey    = `printf('tag%%012d', %s)`
		postKey   = `printf('post%%011d', %s)`
	)
	key := fmt.Sprintf
	// One connection, since what is attached is known to that alone.
	db, err := dbx.Open(driver, app.DataDir()+"/data.db")
	if err != nil {
		return err
	}
	defer db.Close()
	db.DB().SetMaxOpenConns(1)
	for _, query := range []string{
		`ATTACH '` + file + `' AS peers`,
		`INSERT INTO authors (id, username, name) SELECT ` + key(authorKey, "id") + `, username, name FROM peers.author`,
		`INSERT INTO tags (id, slug, name) SELECT ` + key(tagKey, "id") + `, slug, name FROM peers.tag`,
		`INSERT INTO posts (id, slug, title, author, tags, published, views, headings, html)
		SELECT ` + key(postKey, "id") + `, slug, title, ` + key(authorKey, "author_id") + `,
			(SELECT json_group_array(` + key(tagKey, "tag_id") + ` ORDER BY position) FROM peers.post_tag WHERE post_id = post.id),
			strftime('%Y-%m-%d %H:%M:%fZ', published_at / 1000.0, 'unixepoch'), views, headings, html FROM peers.post`,
		`INSERT INTO post_days (id, post, day, views, visitors)
		SELECT printf('day%012d', row_number() OVER ()), ` + key(postKey, "post_id") + `, day, views, visitors FROM peers.post_day`,
		`ANALYZE`,
	} {
		if _, err := db.NewQuery(query).Execute(); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
	}
	return nil
}
