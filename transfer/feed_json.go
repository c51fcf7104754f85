package transfer

import (
	"encoding/json"
	"io"
)

// The objects of JSON Feed 1.1 that a feed has.
type (
	jsonFeedHead struct {
		Version     string           `json:"version"`
		Title       string           `json:"title"`
		HomePageURL string           `json:"home_page_url"`
		FeedURL     string           `json:"feed_url"`
		Description string           `json:"description,omitempty"`
		Language    string           `json:"language,omitempty"`
		Authors     []jsonFeedAuthor `json:"authors"`
	}
	jsonFeedAuthor struct {
		Name string `json:"name"`
	}
	jsonFeedItem struct {
		ID            string           `json:"id"`
		URL           string           `json:"url"`
		Title         string           `json:"title"`
		ContentHTML   string           `json:"content_html"`
		Summary       string           `json:"summary,omitempty"`
		DatePublished string           `json:"date_published"`
		DateModified  string           `json:"date_modified"`
		Authors       []jsonFeedAuthor `json:"authors,omitempty"`
		Tags          []string         `json:"tags,omitempty"`
		Language      string           `json:"language,omitempty"`
	}
)

// WriteJSONFeed writes a feed as JSON Feed 1.1.
func WriteJSONFeed(w io.Writer, feed Feed) error {
	head, err := json.Marshal(jsonFeedHead{
		Version: "https://jsonfeed.org/version/1.1", Title: feed.Title, HomePageURL: feed.Home, FeedURL: feed.Self,
		Description: feed.Description, Language: feed.Language, Authors: []jsonFeedAuthor{{feed.Title}},
	})
	if err != nil {
		return err
	}
	if _, err := w.Write(append(head[:len(head)-1], `,"items":[`...)); err != nil {
		return err
	}
	between := ""
	for entry, err := range feed.Entries {
		if err != nil {
			return err
		}
		item, err := json.Marshal(entry.jsonFeed())
		if err != nil {
			return err
		}
		if _, err := w.Write(append([]byte(between), item...)); err != nil {
			return err
		}
		between = ",\n"
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (e FeedEntry) jsonFeed() jsonFeedItem {
	item := jsonFeedItem{
		ID: e.ID, URL: e.Address, Title: e.Title, ContentHTML: e.HTML, Summary: e.Summary, Tags: e.Tags, Language: e.Language,
		DatePublished: feedTime(e.PublishedAt), DateModified: feedTime(e.UpdatedAt),
	}
	for _, name := range e.Authors {
		item.Authors = append(item.Authors, jsonFeedAuthor{name})
	}
	return item
}
