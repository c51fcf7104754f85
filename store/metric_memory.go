package store

import (
	"context"
	"maps"
	"slices"

	"headwater/logic"
	"headwater/logic/metric"
)

// memory is what the writer knows by heart of the rows that events are counted by, so that most calls of metric.RecordEvents read nothing
// but what is kept of their visitors. It holds as long as nobody else writes, in this process or in another.
type memory struct {
	commits uint32 // how many there were when it was last right
	site    *metric.Site
	salts   map[logic.Day]metric.Salt
	posts   map[logic.PostID]metric.ViewablePost
	numbers map[int64]int64 // of posts in running sums
	places  map[metric.DayValue]metric.ValueID
	filled  map[metric.DayKind]int // how many places are taken
	waiting *waiting
}

func newMemory(commits uint32) *memory {
	return &memory{
		commits: commits, salts: map[logic.Day]metric.Salt{}, posts: map[logic.PostID]metric.ViewablePost{}, numbers: map[int64]int64{},
		places: map[metric.DayValue]metric.ValueID{}, filled: map[metric.DayKind]int{},
	}
}

// mostRemembered is how many entries each part of a memory has at most before it begins anew.
const mostRemembered = 20_000

// learn adds what was found to a part of a memory.
func learn[K comparable, V any](known map[K]V, found map[K]V) {
	if len(known)+len(found) > mostRemembered {
		clear(known)
	}
	maps.Copy(known, found)
}

// lookUp returns what is known of keys, and reads the rest, which is known from then on.
func lookUp[K comparable, V any](known map[K]V, keys []K, read func([]K) (map[K]V, error)) (map[K]V, error) {
	found := make(map[K]V, len(keys))
	var missing []K
	for _, key := range keys {
		if value, ok := known[key]; ok {
			found[key] = value
		} else {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	more, err := read(missing)
	if err != nil {
		return nil, err
	}
	learn(known, more)
	maps.Copy(found, more)
	return found, nil
}

// remembered returns the store's memory, or, where somebody else has written since, one that knows nothing. It is for the writer alone,
// inside a transaction, when nobody else commits.
func (s *Store) remembered() *memory {
	if now := s.commits.count(); s.memory == nil || s.memory.commits != now {
		s.memory = newMemory(now)
	}
	return s.memory
}

// fill notes that so many places were given to values.
func (m *memory) fill(values []metric.DayValue, inserted int64) {
	if inserted != int64(len(values)) { // some had one
		clear(m.filled)
		return
	}
	for _, value := range values {
		if n, known := m.filled[value.DayKind]; known {
			m.filled[value.DayKind] = n + 1
		}
	}
}

// MetricSite implements metric.Reader.
func (w *writer) MetricSite(ctx context.Context) (metric.Site, error) {
	if w.memory.site == nil {
		site, err := w.reader.MetricSite(ctx)
		if err != nil {
			return site, err
		}
		w.memory.site = &site
	}
	return *w.memory.site, nil
}

// ViewablePosts implements metric.Reader.
func (w *writer) ViewablePosts(ctx context.Context, ids []logic.PostID, slugs []string) ([]metric.ViewablePost, error) {
	if len(slugs) > 0 {
		return w.reader.ViewablePosts(ctx, ids, slugs)
	}
	found, err := lookUp(w.memory.posts, ids, func(missing []logic.PostID) (map[logic.PostID]metric.ViewablePost, error) {
		posts, err := w.reader.ViewablePosts(ctx, missing, nil)
		return byKey(posts, func(post metric.ViewablePost) logic.PostID { return post.ID }), err
	})
	posts := make([]metric.ViewablePost, 0, len(found))
	for _, post := range found {
		posts = append(posts, post)
	}
	return posts, err
}

// Salts implements metric.Writer.
func (w *writer) Salts(ctx context.Context, days []logic.Day) (map[logic.Day]metric.Salt, error) {
	return lookUp(w.memory.salts, days, func(missing []logic.Day) (map[logic.Day]metric.Salt, error) { return w.readSalts(ctx, missing) })
}

// Places implements metric.Writer.
func (w *writer) Places(ctx context.Context, values []metric.DayValue) (map[metric.DayValue]metric.ValueID, error) {
	return lookUp(w.memory.places, values, func(missing []metric.DayValue) (map[metric.DayValue]metric.ValueID, error) {
		return w.readPlaces(ctx, missing)
	})
}

// CountPlaces implements metric.Writer.
func (w *writer) CountPlaces(ctx context.Context, values []metric.DayValue) (map[metric.DayKind]int, error) {
	var kinds []metric.DayKind
	for _, value := range values {
		if !slices.Contains(kinds, value.DayKind) {
			kinds = append(kinds, value.DayKind)
		}
	}
	return lookUp(w.memory.filled, kinds, func(missing []metric.DayKind) (map[metric.DayKind]int, error) { return w.countPlaces(ctx, missing) })
}

// numbersOf returns the numbers of posts, and gives one to each that has none.
func (w *writer) numbersOf(ctx context.Context, posts []int64) (map[int64]int64, error) {
	slices.Sort(posts)
	return lookUp(w.memory.numbers, slices.Compact(posts), func(missing []int64) (map[int64]int64, error) { return w.readNumbers(ctx, missing) })
}
