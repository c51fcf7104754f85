// Package store keeps everything in one SQLite file: statements, scans, migrations and the one writer.
//
// SQL stands here and nowhere else; rules never do. Each domain declares in logic/... what it needs, and finds it here:
// see Content, Account, Client and Metric. Statements are written in the subset that PostgreSQL shares; what is SQLite's alone
// stands in sqlite.go, prepare.go, connection.go, search.go and the migrations, beside json_each, by which lists of keys come.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/content"
)

// FileName is the name of the database in its folder. SQLite keeps two more files beside it, with -wal and -shm behind.
const FileName = "headwater.db"

// Options says what to open.
type Options struct {
	// Dir is the folder that the database stands in; both are made when they are not there, for the owner alone.
	Dir string
	// Clock tells the time that new keys are made from; nil for the machine's.
	Clock logic.Clock
	// Node is the number of this program in the keys that it makes, 0 to logic.KeyNodes-1: another one than any other's that
	// has the folder open.
	Node int
	// Logger takes what happens beside any call; nil for nothing.
	Logger *slog.Logger
}

// Store is an open database. It may be used by many goroutines, and several processes may have the same folder open.
type Store struct {
	pool       *pool       // many connections, none of which can write
	write      *connection // nil once closed
	writing    sync.Mutex  // held while write is used
	back       *logWriter
	log        *slog.Logger
	keys       *logic.Keys
	commits    *commits // of every process
	statements atomic.Int64
	leaders    knownLeaders
	keeper     atomic.Pointer[Keeper]    // nil where nobody keeps answers
	site       atomic.Pointer[knownSite] // nil until it was asked for
	memory     *memory                   // the writer's alone
	tagNames   *names[logic.TagID, content.Tag]
	userNames  *names[logic.UserID, account.User]

	queue    chan *change
	mu       sync.RWMutex // held for reading while a change enters the queue
	closed   bool
	closing  sync.Once
	finished chan struct{} // closed when every change that entered the queue was answered
}

// Open opens the database in a folder, making or migrating it first where needed. It refuses an SQLite that is known to
// lose data or lacks full-text search, and a database that a newer program wrote.
func Open(ctx context.Context, options Options) (*Store, error) {
	if err := checkSQLite(); err != nil {
		return nil, err
	}
	path, err := makeFiles(options.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	s := &Store{
		log:      options.Logger,
		queue:    make(chan *change, maxWaiting),
		finished: make(chan struct{}),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if options.Clock == nil {
		options.Clock = logic.SystemClock
	}
	s.keys = logic.NewKeys(options.Clock, options.Node)
	s.pool = newPool(path, max(4, runtime.NumCPU()))
	if err := s.prepare(ctx, path); err != nil {
		s.closeConnections()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	go s.commitChanges()
	go s.writeLogBack()
	return s, nil
}

// prepare brings the database into the state that this program works with.
func (s *Store) prepare(ctx context.Context, path string) (err error) {
	if s.write, err = connect(ctx, path); err != nil {
		return err
	}
	if err := s.migrate(ctx, path); err != nil {
		return err
	}
	if s.commits, err = openCommits(path); err != nil {
		return err
	}
	s.tagNames, s.userNames = newNames[logic.TagID](s.commits, ownTag), newNames[logic.UserID](s.commits, ownUser)
	if err := s.sumDaysOnce(ctx); err != nil {
		return err
	}
	newest, err := selectRow[int64](ctx, s.reader(), `/* newestKey */ SELECT max(
		coalesce((SELECT max(id) FROM post), 0), coalesce((SELECT max(id) FROM tag), 0), coalesce((SELECT max(id) FROM account), 0),
		coalesce((SELECT max(id) FROM session), 0), coalesce((SELECT max(id) FROM client), 0), coalesce((SELECT max(id) FROM api_key), 0),
		coalesce((SELECT max(id) FROM revision), 0), coalesce((SELECT max(id) FROM media), 0),
		coalesce((SELECT max(id) FROM webhook), 0), coalesce((SELECT max(id) FROM webhook_delivery), 0))`)
	if err != nil {
		return err
	}
	s.keys.StartAfter(newest) // the clock may have been set back since
	s.back, err = openLogWriter(path)
	return err
}

// Commits returns a number that each commit makes greater by one, whichever process commits, as soon as anyone can read what was written:
// two numbers that are the same mean that nothing was written in between. It takes some nanoseconds.
func (s *Store) Commits() uint32 { return s.commits.count() }

// connect opens the connection that writes. While another program switches a new database to its write-ahead log SQLite finds it
// locked, and does not wait by itself.
func connect(ctx context.Context, path string) (*connection, error) {
	for end := time.Now().Add(connectLimit); ; {
		write, err := openWriting(path)
		if err == nil || logic.CodeOf(fault(err)) != logic.CodeOverloaded || time.Now().After(end) {
			return write, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(connectPause):
		}
	}
}

// How long, and how often, a new database is tried that another program holds.
const (
	connectLimit = 5 * time.Second
	connectPause = 10 * time.Millisecond
)

// Close commits what waits to be written and closes the database. Nothing may be asked of the store afterwards.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.mu.Lock()
		s.closed = true
		close(s.queue)
		s.mu.Unlock()
		<-s.finished
		close(s.back.long)
		<-s.back.done
		s.closeConnections()
	})
	return nil
}

// closeConnections closes what was opened of them.
func (s *Store) closeConnections() {
	if s.commits != nil {
		s.commits.close()
	}
	s.pool.close()
	if s.back != nil {
		s.back.on.close()
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.write != nil {
		s.write.close()
		s.write = nil
	}
}

// Keys makes the keys of what is new in this database.
func (s *Store) Keys() *logic.Keys { return s.keys }

// Statements returns how many SQL statements were run for callers so far; those around a transaction do not count.
func (s *Store) Statements() int64 { return s.statements.Load() }

func (s *Store) reader() reader {
	return reader{from: s.pool, statements: &s.statements, leaders: &s.leaders}
}

func (s *Store) noting() noting { return noting{s.reader(), s.tagNames, s.userNames} }

// makeFiles makes the folder and the database's file where they are not there, and returns the file's path. SQLite gives
// the files that it puts beside it the same mode.
func makeFiles(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("none was named")
	}
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	// A file that is there must not be opened and closed: that would take away the locks that this process has on it.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return path, closeToOthers(path)
	}
	if err != nil {
		return "", err
	}
	return path, file.Close()
}

// closeToOthers takes away what others may do with a database that is there and with the files that SQLite puts beside it,
// which another program may take away meanwhile.
func closeToOthers(path string) error {
	for _, beside := range []string{"-wal", "-shm"} {
		if err := os.Chmod(path+beside, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Chmod(path, 0o600)
}
