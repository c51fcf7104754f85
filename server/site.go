package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"headwater/logic/content"
)

// SiteCmd shows the site, and changes what is given. What is changed stays in the data folder, so none of it is a setting.
type SiteCmd struct {
	Title       *string `help:"What the site is called." env:"-"`
	Description *string `help:"What it is about, in a sentence." env:"-"`
	URL         *string `name:"url" help:"Where readers find it, as https://example.org." env:"-"`
	PostURL     *string `name:"post-url" help:"Where readers find a post, as https://example.org/blog/{slug}." env:"-"`
	Language    *string `help:"The language of posts that name none, as en or de-AT." env:"-"`
	TimeZone    *string `help:"Whose days metrics are counted by, as Europe/Berlin; stays once something was counted." env:"-"`
	ShowsViews  *bool   `help:"Whether everybody sees how often a post was viewed." negatable:"" env:"-"`
}

// sitePlaces are the places of the command for the site.
var sitePlaces = places{"postUrl": "--post-url", "timeZone": "--time-zone", "showsViews": "--shows-views"}

// Run changes the site where a flag is given, and prints it.
func (c *SiteCmd) Run(ctx context.Context, stdout io.Writer, settings *Settings) error {
	change := content.SiteChange(*c)
	read := func(house *house) (content.Site, error) { return house.content.Site(ctx) }
	run := settings.run
	if change != (content.SiteChange{}) {
		read = func(house *house) (content.Site, error) { return house.content.UpdateSite(ctx, change) }
		run = settings.runOrMake
	}
	return run(ctx, func(house *house) error {
		site, err := read(house)
		if err != nil {
			return sitePlaces.explain(err)
		}
		table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintf(table, "title\t%s\ndescription\t%s\nurl\t%s\npost-url\t%s\nlanguage\t%s\ntime-zone\t%s\nshows-views\t%v\n",
			site.Title, site.Description, site.URL, site.PostURL, site.Language, site.TimeZone, site.ShowsViews)
		return table.Flush()
	})
}
