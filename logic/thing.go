package logic

// Thing is what an answer may rest on and a write may change: one thing, as a post, or a list, as that of the newest posts. Two that
// differ may be taken for the same where a text stands in them; that an answer is taken away needlessly is the worst that comes of it.
type Thing struct {
	kind thingKind
	key  int64
}

type thingKind int8

const (
	everythingThing thingKind = iota
	postThing
	editsThing
	freeSlugThing
	ledSlugThing
	publishedThing
	publishedByTitleThing
	publishedByUpdateThing
	everyPostThing
	publishedTextsThing
	everyTextThing
	tagThing
	tagCountThing
	tagSlugThing
	tagsThing
	userThing
	usersThing
	usernamesThing
	mediaThing
	siteThing
)

// Everything is what a write changes of which nobody said what it changes.
var Everything = Thing{kind: everythingThing}

// What there is once.
var (
	// PublishedTexts is the words of all published posts, by which they are found and related; EveryText is those of all posts.
	PublishedTexts = Thing{kind: publishedTextsThing}
	EveryText      = Thing{kind: everyTextThing}
	// ListedTags is the list of tags that published posts stand on, with their names and counts.
	ListedTags = Thing{kind: tagsThing}
	// Users is the lists of people, and Usernames who has which username.
	Users     = Thing{kind: usersThing}
	Usernames = Thing{kind: usernamesThing}
	// TheSite is what all frontends say alike.
	TheSite = Thing{kind: siteThing}
)

// PostThing is a post with its text, as far as readers may see it.
func PostThing(id PostID) Thing { return Thing{postThing, int64(id)} }

// EditsOf is what only those see of a post who work on posts: its revisions, and what is planned.
func EditsOf(id PostID) Thing { return Thing{editsThing, int64(id)} }

// FreeSlug is that a slug leads to no post.
func FreeSlug(slug string) Thing { return Thing{freeSlugThing, hashOf(slug)} }

// LedSlug is that a slug goes on leading to the post that it leads to, as long as that post is what it is.
func LedSlug(slug string) Thing { return Thing{ledSlugThing, hashOf(slug)} }

// Published is which published posts stand in a list, and in which order by the moments at which they were made and published. Lists are
// numbered as content.PostList says.
func Published(list int64) Thing { return Thing{publishedThing, list} }

// PublishedByTitle is the order of the published posts of a list by their titles.
func PublishedByTitle(list int64) Thing { return Thing{publishedByTitleThing, list} }

// PublishedByUpdate is the order of the published posts of a list by when they were last changed.
func PublishedByUpdate(list int64) Thing { return Thing{publishedByUpdateThing, list} }

// EveryPost is which posts of every state stand in a list, in any order.
func EveryPost(list int64) Thing { return Thing{everyPostThing, list} }

// TagThing is a tag's name and slug.
func TagThing(id TagID) Thing { return Thing{tagThing, int64(id)} }

// PostsOnTag is how many published posts stand on a tag.
func PostsOnTag(id TagID) Thing { return Thing{tagCountThing, int64(id)} }

// TagSlug is which tag a slug leads to.
func TagSlug(slug string) Thing { return Thing{tagSlugThing, hashOf(slug)} }

// UserThing is what is said of a person.
func UserThing(id UserID) Thing { return Thing{userThing, int64(id)} }

// MediaThing is what is said of a file.
func MediaThing(id MediaID) Thing { return Thing{mediaThing, int64(id)} }

// Things returns the things of several keys.
func Things[K any](keys []K, of func(K) Thing) []Thing {
	things := make([]Thing, len(keys))
	for i, key := range keys {
		things[i] = of(key)
	}
	return things
}

// IsName tells whether what a tag or a person is called changes with the thing.
func (t Thing) IsName() bool {
	return t.kind == tagThing || t.kind == userThing || t.kind == everythingThing
}

// Hash returns a number that spreads things evenly.
func (t Thing) Hash() uint64 {
	hash := (uint64(t.key) ^ uint64(t.kind)<<56) * 0x9e3779b97f4a7c15
	return hash ^ hash>>32
}

// hashOf returns a number for a text (FNV-1a).
func hashOf(text string) int64 {
	hash := uint64(14695981039346656037)
	for i := range len(text) {
		hash = (hash ^ uint64(text[i])) * 1099511628211
	}
	return int64(hash)
}
