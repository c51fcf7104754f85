package transfer

import (
	"maps"
	"path"
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
	"cover", "coverimage", "coverimg", "featuredimage", "featureimage", "featured", "feature", "heroimage", "hero", "banner", "image", "images", "img",
	"thumbnail", "thumbnailimg", "teaser", "headerimg", "header", "background", "ogimage",
}

// imageFields are what themes call the address of an image among what they say of it.
var imageFields = []string{"image", "src", "url", "path", "file", "filename", "img", "feature", "overlayimage", "teaser", "thumbnail"}

// cover returns the address of the image that a post is shown with; empty where front matter names none.
func (m matter) cover() string {
	for _, key := range coverKeys {
		if address := m.get(key).imageAddress(); address != "" {
			return address
		}
	}
	for _, resource := range m.get("resources").list { // Hugo's, of which themes know one by its name
		if slices.Contains(coverKeys, foldKey(resource.fields["name"].text)) {
			return resource.fields["src"].imageAddress()
		}
	}
	return ""
}

// imageAddress returns the address of an image: a text, the first of a list, or one of the fields that themes keep it in. Texts that are no
// address stand in the same places: words, colours, whether there is an image.
func (v value) imageAddress() string {
	if v.empty() {
		return ""
	}
	for _, item := range v.list {
		if address := item.imageAddress(); address != "" {
			return address
		}
	}
	for _, key := range imageFields {
		if address := v.fields[key].imageAddress(); address != "" {
			return address
		}
	}
	if text := strings.TrimSpace(v.text); isImageAddress(text) {
		return text
	}
	return ""
}

// isImageAddress tells the address of an image from other texts: by what it begins with, or by its end.
func isImageAddress(text string) bool {
	for _, start := range []string{"http://", "https://", "//", "data:image/"} {
		if len(text) > len(start) && strings.EqualFold(text[:len(start)], start) {
			return true
		}
	}
	file := text
	if end := strings.IndexAny(text, "?#"); end >= 0 && !isImage(text) {
		file = text[:end]
	}
	switch strings.ToLower(path.Ext(file)) {
	case ".avif", ".bmp", ".heic", ".ico", ".jxl", ".tif", ".tiff":
		return true // it can't be a cover, which is worth a word
	}
	return isImage(file)
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
