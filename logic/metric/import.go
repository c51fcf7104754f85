package metric

import (
	"context"
	"time"

	"headwater/logic"
)

// firstHit is the earliest moment at which a log may say that a page was viewed: before the web.
var firstHit = logic.MomentOf(time.Date(1991, 1, 1, 0, 0, 0, 0, time.UTC))

// ImportMark returns how far a log was taken, or NOT_FOUND when nothing of it was. It is for the command line alone, as
// ImportHits is: FORBIDDEN for others.
func (s *Service) ImportMark(ctx context.Context, log string) (ImportMark, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return ImportMark{}, err
	}
	return s.store.ImportMark(ctx, log)
}

// ImportHits counts page views and named events out of a log, and remembers how far the log was taken, both or neither.
// From is the Offset of the mark that stood there before, 0 for none: INVALID when another stands there, since someone else
// takes the same log. A hit that can't be counted is left out and reported; it does not keep the others away. Figures of days
// that are no longer kept by quarter of an hour, or as single events, are kept by day alone; how far back those go is as the
// server's Prune left it, or, where there was none yet, as Options say.
func (s *Service) ImportHits(ctx context.Context, from int64, mark ImportMark, hits []Hit) (Imported, error) {
	if err := logic.CheckOperator(ctx); err != nil {
		return Imported{}, err
	}
	now := s.clock()
	occurrences, faults := checkHits(hits, now)
	imported := Imported{Faults: faults}
	err := s.store.Write(ctx, func(w Writer) error {
		stands, err := w.ImportMark(ctx, mark.Log)
		if err != nil && logic.CodeOf(err) != logic.CodeNotFound {
			return err
		}
		if stands.Offset != from {
			return logic.Invalid("This part of the log was taken already.")
		}
		posts, err := postsBySlug(ctx, w, hits)
		if err != nil {
			return err
		}
		for i := range occurrences {
			occurrences[i].post = posts[occurrences[i].slug]
		}
		recorded, err := s.book(ctx, w, now, occurrences, 1)
		if err != nil {
			return err
		}
		imported.Recorded, imported.Robots = recorded[0].Recorded, recorded[0].Robots
		return w.SetImportMark(ctx, mark)
	})
	if err != nil {
		return Imported{}, err
	}
	return imported, nil
}

func postsBySlug(ctx context.Context, store Reader, hits []Hit) (map[string]*ViewablePost, error) {
	seen := map[string]bool{"": true}
	var slugs []string
	for _, hit := range hits {
		if !seen[hit.PostSlug] {
			seen[hit.PostSlug] = true
			slugs = append(slugs, hit.PostSlug)
		}
	}
	if len(slugs) == 0 {
		return nil, nil
	}
	posts, err := store.ViewablePosts(ctx, nil, slugs)
	keyed := make(map[string]*ViewablePost, len(posts))
	for i := range posts {
		keyed[posts[i].Slug] = &posts[i]
	}
	return keyed, err
}

// checkHits returns what can be counted, with no posts yet, and what can't.
func checkHits(hits []Hit, now logic.Moment) ([]occurrence, []HitFault) {
	type who struct{ address, userAgent string }
	readers := map[who]*reader{}
	occurrences := make([]occurrence, 0, len(hits))
	var faults []HitFault
	for i, hit := range hits {
		path, fault := hit.check(now)
		if fault != nil {
			faults = append(faults, HitFault{Index: i, Err: fault})
			continue
		}
		key := who{hit.Reader, hit.UserAgent}
		if readers[key] == nil {
			readers[key] = &reader{address: hit.Reader, userAgent: hit.UserAgent, agent: parseAgent(hit.UserAgent)}
		}
		occurrences = append(occurrences, occurrence{
			at: hit.At, reader: readers[key], name: hit.Name, path: path, referrer: hit.Referrer, slug: hit.PostSlug,
		})
	}
	return occurrences, faults
}

func (hit Hit) check(now logic.Moment) (string, *logic.Error) {
	if hit.At > now+clockError || hit.At < firstHit {
		return "", logic.Invalid("The moment lies in the future or before the web.").At("at")
	}
	if hit.Name != "" {
		if fault := checkName(hit.Name); fault != nil {
			return "", fault.At("name")
		}
	}
	path, fault := cleanPath(hit.Path)
	if fault != nil {
		return "", fault.At("path")
	}
	return path, nil
}
