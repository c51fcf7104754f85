package store

import "sync"

// The pages that commits change stand in the write-ahead log until they are written back into the database. SQLite does that within the
// commit that finds the log long, and whoever waits for it waits for all of that. So it is done beside the commits, on a connection of its
// own; what they add meanwhile is written back while nobody writes, so that the log begins anew.

const (
	// maxLog is how many pages wait in the log before they are written back: nearly as many as SQLite looks up at once.
	maxLog = 4_000
	// mostLog is how many pages the log has before the commit itself writes them back.
	mostLog = "16000"
)

const writeBack = `/* writeBack */ PRAGMA wal_checkpoint(PASSIVE)`

// logWriter writes the log back.
type logWriter struct {
	on   *connection
	mu   sync.Mutex    // held while the log is written back
	long chan struct{} // takes one while the log is long
	done chan struct{} // closed once nobody writes it back any more
}

func openLogWriter(path string) (*logWriter, error) {
	on, err := openWriting(path)
	if err != nil {
		return nil, err
	}
	return &logWriter{on: on, long: make(chan struct{}, 1), done: make(chan struct{})}, nil
}

// sawLog has the log written back where it is long. It is for the writer alone.
func (s *Store) sawLog() {
	if s.commits.unwritten() < maxLog {
		return
	}
	select {
	case s.back.long <- struct{}{}:
	default: // it is being written back
	}
}

// writeLogBack writes the log back each time that it is long, until the store is closed.
func (s *Store) writeLogBack() {
	defer close(s.back.done)
	for range s.back.long {
		if s.commits.unwritten() < maxLog { // said while it was written back
			continue
		}
		if err := s.writeBackOnce(); err != nil {
			s.log.Error("could not write the log back", "error", err)
		}
	}
}

func (s *Store) writeBackOnce() error {
	s.back.mu.Lock()
	defer s.back.mu.Unlock()
	if err := s.back.on.runOnce(writeBack); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.back.on.runOnce(writeBack)
}
