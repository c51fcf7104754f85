package content

import (
	"context"
	"fmt"
	"time"

	"headwater/logic"
)

const (
	// strayFor is how long an upload may take to keep what it read.
	strayFor = time.Hour
	// strayLimit is how many strays are taken away at a time.
	strayLimit = 100
	// dropTime is how long taking away what is no longer needed may take once nobody waits for it.
	dropTime = time.Minute
)

// keepMedia keeps what is of a file, and then says that it is there. What it keeps is noted as stray before: whatever stops it, a power cut
// too, nothing is left. Where the same was asked before under the same idempotency key, it returns what was made then.
func (s *Service) keepMedia(ctx context.Context, media Media, contents []kept, asked uploadAsked) (Media, error) {
	names, now := media.names(), s.clock()
	if err := s.store.Write(ctx, func(w Writer) error { return w.AddStrays(ctx, names, now) }); err != nil {
		return Media{}, err
	}
	made, again, err := s.putMedia(ctx, media, contents, asked)
	if err != nil || again {
		s.dropStrays(ctx, names)
	}
	return made, err
}

// putMedia keeps contents, and says in one transaction that they are no strays but media.
func (s *Service) putMedia(ctx context.Context, media Media, contents []kept, asked uploadAsked) (made Media, again bool, err error) {
	for _, kept := range contents {
		if err := s.files.Put(ctx, kept.name, kept.content, kept.size); err != nil {
			return Media{}, false, fmt.Errorf("keeping %s: %w", kept.name, err)
		}
	}
	err = s.store.Write(ctx, func(w Writer) error {
		var key int64
		key, again, err = s.once(ctx, w, "uploadMedia", asked, func() (int64, error) {
			return int64(media.ID), s.adopt(ctx, w, media)
		})
		if err != nil {
			return err
		}
		files, err := w.MediaByID(ctx, []logic.MediaID{logic.MediaID(key)})
		if made = files[logic.MediaID(key)]; err == nil && made.ID == 0 {
			return logic.Invalid("What was made under the Idempotency-Key of the request has been deleted since.")
		}
		return err
	})
	return made, again, err
}

// adopt makes media of strays.
func (s *Service) adopt(ctx context.Context, w Writer, media Media) error {
	names := media.names()
	dropped, err := w.DropStrays(ctx, names)
	if err != nil {
		return err
	}
	if dropped != len(names) {
		return fmt.Errorf("%s took so long to keep that it was taken away", media.Name)
	}
	return w.InsertMedia(ctx, media)
}

// dropStrays takes strays away, also where whoever asked has gone. What it can't take away SweepMedia will.
func (s *Service) dropStrays(ctx context.Context, names []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), dropTime)
	defer cancel()
	for _, name := range names {
		if err := s.files.Delete(ctx, name); err != nil {
			s.log.WarnContext(ctx, "a file that is not needed stays for a while", "name", name, "error", err)
			return
		}
	}
	err := s.store.Write(ctx, func(w Writer) error {
		_, err := w.DropStrays(ctx, names)
		return err
	})
	if err != nil {
		s.log.WarnContext(ctx, "files that are gone stay noted for a while", "error", err)
	}
}

// SweepMedia takes away what uploads that broke off more than an hour ago left, and what could not be deleted when it was to be.
func (s *Service) SweepMedia(ctx context.Context) error {
	if s.files == nil {
		return nil
	}
	for {
		names, err := s.store.OldStrays(ctx, s.clock().Add(-strayFor), strayLimit)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := s.files.Delete(ctx, name); err != nil {
				return fmt.Errorf("taking away %s: %w", name, err)
			}
		}
		err = s.store.Write(ctx, func(w Writer) error {
			_, err := w.DropStrays(ctx, names)
			return err
		})
		if err != nil {
			return err
		}
	}
}
