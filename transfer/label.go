package transfer

import (
	"maps"
	"slices"
	"strings"

	"headwater/logic/content"
)

// authors returns the people that front matter names, or the one given where it names none.
func (m matter) authors(fallback string) []string {
	v := m.get("authors", "author", "by", "byline")
	if v.empty() {
		v = m["taxonomies"].fields["authors"]
	}
	var people []string
	for _, byline := range v.names() {
		people = append(people, peopleIn(byline)...)
	}
	if len(people) == 0 && fallback != "" {
		people = []string{fallback}
	}
	return distinct(people)
}

// names returns the texts of a value: of each item of a list, and of an item with fields its name.
func (v value) names() []string {
	switch {
	case len(v.list) > 0:
		var names []string
		for _, item := range v.list {
			names = append(names, item.names()...)
		}
		return names
	case v.fields != nil:
		return v.fields["name"].names()
	case strings.TrimSpace(v.text) != "":
		return []string{strings.TrimSpace(v.text)}
	}
	return nil
}

// listTags are no subjects: Eleventy puts posts into its lists by them.
var listTags = []string{"all", "nav", "post", "posts"}

// tags returns the tags, categories and taxonomies that front matter names. A text in place of a list is split at commas,
// without any at blanks, as Hugo and Jekyll do.
func (m matter) tags() []string {
	var tags []string
	take := func(v value) {
		if v.text == "" {
			tags = append(tags, v.names()...)
			return
		}
		if strings.Contains(v.text, ",") {
			for tag := range strings.SplitSeq(v.text, ",") {
				tags = append(tags, strings.TrimSpace(tag))
			}
			return
		}
		tags = append(tags, strings.Fields(v.text)...)
	}
	take(m.get("tags"))
	take(m.get("categories"))
	tags = append(tags, m.get("tag").names()...)
	tags = append(tags, m.get("category").names()...)
	taxonomies := m["taxonomies"].fields
	for _, name := range slices.Sorted(maps.Keys(taxonomies)) {
		if name != "authors" {
			take(taxonomies[name])
		}
	}
	tags = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(listTags, strings.ToLower(tag)) })
	return distinct(tags)
}

// distinct returns texts without empty ones and those that came before, whatever their case.
func distinct(texts []string) []string {
	seen := make(map[string]bool, len(texts))
	return slices.DeleteFunc(texts, func(text string) bool {
		key := strings.ToLower(text)
		again := seen[key]
		seen[key] = true
		return again || key == ""
	})
}

// coverKeys are what generators and their themes call the image that a post is shown with.
var coverKeys = []string{
	"cover", "coverimage", "featuredimage", "featureimage", "heroimage", "hero", "banner", "image", "images", "thumbnail", "teaser", "header", "feature",
	"ogimage",
}

// cover returns the address of the image that a post is shown with; empty where front matter names none.
func (m matter) cover() string {
	for _, key := range coverKeys {
		if address := m.get(key).imageAddress(); address != "" {
			return address
		}
	}
	return ""
}

// imageAddress returns the address of an image: a text, the first of a list, or one of the fields that themes keep it in.
func (v value) imageAddress() string {
	if v.empty() || v.yes() || v.no() {
		return ""
	}
	for _, item := range v.list {
		if address := item.imageAddress(); address != "" {
			return address
		}
	}
	for _, key := range []string{"image", "src", "url", "path", "file", "filename", "teaser"} {
		if address := v.fields[key].imageAddress(); address != "" {
			return address
		}
	}
	return strings.TrimSpace(v.text)
}

// draft tells whether front matter keeps the post from readers.
func (m matter) draft() bool {
	switch strings.ToLower(m.text("status")) {
	case "draft", "private", "pending", "archived":
		return true
	}
	return m.get("draft").yes() || m["published"].no() || !m.get("deletedat").empty()
}

// kind tells a page from an article by what generators call the layout.
func (m matter) kind() content.PostKind {
	if strings.EqualFold(m.text("type"), "page") || strings.EqualFold(m.text("layout"), "page") {
		return content.PostKindPage
	}
	return content.PostKindArticle
}
