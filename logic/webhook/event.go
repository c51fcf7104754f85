package webhook

import (
	"encoding/json"
	"slices"
	"strings"

	"headwater/logic"
)

// Event is what a message tells of.
type Event string

// The events: what became of a post in the eyes of readers, and what is sent to try a webhook, which each gets.
const (
	PostPublished Event = "POST_PUBLISHED"
	PostChanged   Event = "POST_CHANGED"
	PostRemoved   Event = "POST_REMOVED"
	Ping          Event = "PING"
)

// wanted are the events that a webhook may ask for.
var wanted = []Event{PostPublished, PostChanged, PostRemoved}

func (e Event) canBeWanted() bool { return slices.Contains(wanted, e) }

// Name returns the event as messages call it: post.published.
func (e Event) Name() string { return strings.ToLower(strings.ReplaceAll(string(e), "_", ".")) }

// Notice is something that webhooks are told of.
type Notice struct {
	ID    string // the same in all messages about it
	Event Event
	At    logic.Moment
	Post  *PostFacts // nil for a ping
}

// PostFacts is what is told of a post: nothing that its readers could not see.
type PostFacts struct {
	ID                          logic.PostID
	Kind, Slug, Title, Language string
	PreviousSlug                string // empty unless the post was reached by another slug before
	PublishedAt                 *logic.Moment
	UpdatedAt                   logic.Moment
}

// NoticeID returns the ID of a new notice.
func NoticeID(keys *logic.Keys) string {
	return logic.ID{Kind: logic.KindNotice, Key: keys.Next()}.String()
}

// message is what a notice is on its way, as docs/webhooks.md describes it.
type message struct {
	ID    string       `json:"id"`
	Event string       `json:"event"`
	At    string       `json:"at"`
	Post  *messagePost `json:"post,omitempty"`
}

type messagePost struct {
	ID           string `json:"id"`
	Kind         string `json:"kind"`
	Slug         string `json:"slug"`
	PreviousSlug string `json:"previousSlug,omitempty"`
	URL          string `json:"url"`
	Title        string `json:"title"`
	Language     string `json:"language"`
	PublishedAt  string `json:"publishedAt,omitempty"`
	UpdatedAt    string `json:"updatedAt"`
}

// Payload returns the notice as JSON, for a webhook whose posts have addresses by the template postURL.
func (n Notice) Payload(postURL string) string {
	told := message{ID: n.ID, Event: n.Event.Name(), At: stamp(n.At)}
	if post := n.Post; post != nil {
		told.Post = &messagePost{
			ID: post.ID.ID().String(), Kind: post.Kind, Slug: post.Slug, PreviousSlug: post.PreviousSlug, URL: logic.PostAddress(postURL, post.Slug),
			Title: post.Title, Language: post.Language, UpdatedAt: stamp(post.UpdatedAt),
		}
		if post.PublishedAt != nil {
			told.Post.PublishedAt = stamp(*post.PublishedAt)
		}
	}
	encoded, err := json.Marshal(told)
	if err != nil {
		panic(err) // texts don't fail
	}
	return string(encoded)
}

// stamp writes a moment as the contract's DateTime does.
func stamp(m logic.Moment) string { return m.Time().Format("2006-01-02T15:04:05.000Z") }
