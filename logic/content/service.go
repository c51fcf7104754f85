package content

import (
	"context"
	"log/slog"
	"maps"
	"slices"

	"headwater/logic"
)

// Service is what the program can do with posts, tags and the site. Its methods answer for the viewer in their context.
type Service struct {
	store      Store
	clock      logic.Clock
	keys       *logic.Keys
	mediaURL   string
	files      Files
	scratchDir string
	log        *slog.Logger

	unpublished, unpurged setbacks // what is due and failed
}

// Options says what the domain works with beside its storage. The zero Options is one without uploads.
type Options struct {
	// MediaURL is where the files of media are served, as https://api.example.org/media/.
	MediaURL string
	// Files keeps the contents of media; nil where nothing can be uploaded.
	Files Files
	// Scratch is the folder that uploads stand in until they are whole; the system's where it is empty.
	Scratch string
	// Logger takes what happens beside any call; nil for nothing.
	Logger *slog.Logger
}

// New returns a Service over store.
func New(store Store, clock logic.Clock, keys *logic.Keys, options Options) *Service {
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{store: store, clock: clock, keys: keys, mediaURL: options.MediaURL, files: options.Files, scratchDir: options.Scratch, log: options.Logger}
}

// Post returns the post with the given slug that the viewer may read, or NOT_FOUND.
func (s *Service) Post(ctx context.Context, slug string) (Post, error) {
	post, err := s.store.PostBySlug(ctx, slug)
	if err != nil {
		return Post{}, err
	}
	if !CanRead(logic.ViewerFrom(ctx), post) {
		return Post{}, logic.NotFound("post")
	}
	return post, nil
}

// PostsByID returns those of the posts with the given keys that the viewer may read.
func (s *Service) PostsByID(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Post, error) {
	posts, err := s.store.PostsByID(ctx, ids)
	dropHidden(ctx, posts)
	return posts, err
}

// NextPosts returns, for each post, the article published just after it that the viewer may read.
func (s *Service) NextPosts(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Post, error) {
	posts, err := s.store.Neighbours(ctx, ids, false)
	dropHidden(ctx, posts)
	return posts, err
}

// PreviousPosts returns, for each post, the article published just before it that the viewer may read.
func (s *Service) PreviousPosts(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Post, error) {
	posts, err := s.store.Neighbours(ctx, ids, true)
	dropHidden(ctx, posts)
	return posts, err
}

func dropHidden(ctx context.Context, posts map[logic.PostID]Post) {
	viewer := logic.ViewerFrom(ctx)
	maps.DeleteFunc(posts, func(_ logic.PostID, post Post) bool { return !CanRead(viewer, post) })
}

// Most and fewest posts that Related shows of one.
const (
	minRelated = 1
	maxRelated = 20
)

// CheckRelated returns INVALID (field first) unless first posts may be asked of Related.
func CheckRelated(first int) error {
	if first < minRelated || first > maxRelated {
		return logic.Invalid("%d to %d posts can be asked for, not %d", minRelated, maxRelated, first).At("first")
	}
	return nil
}

// Related returns, for each post, up to first other articles on the same subjects that the viewer may read, closest
// first. INVALID as CheckRelated.
func (s *Service) Related(ctx context.Context, ids []logic.PostID, first int) (map[logic.PostID][]Post, error) {
	if err := CheckRelated(first); err != nil {
		return nil, err
	}
	related, err := s.store.RelatedPosts(ctx, ids, first)
	viewer := logic.ViewerFrom(ctx)
	for id, posts := range related {
		related[id] = slices.DeleteFunc(posts, func(post Post) bool { return !CanRead(viewer, post) })
	}
	return related, err
}

// Outlines returns what was worked out of the texts of posts that the viewer was given.
func (s *Service) Outlines(ctx context.Context, ids []logic.PostID) (map[logic.PostID]Outline, error) {
	return s.store.Outlines(ctx, ids)
}

// Bodies returns one long part of posts that the viewer was given; files have their whole addresses in HTML.
func (s *Service) Bodies(ctx context.Context, ids []logic.PostID, part BodyPart) (map[logic.PostID]string, error) {
	bodies, err := s.store.Bodies(ctx, ids, part)
	if part == BodyHTML {
		for id, body := range bodies {
			bodies[id] = s.WithMediaURLs(body)
		}
	}
	return bodies, err
}
