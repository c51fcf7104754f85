package client

import (
	"context"
	"slices"
	"time"

	"headwater/logic"
)

const (
	// maxAge is how long what was read of clients and keys is held without asking whether it changed: how long another process's
	// change takes at most to hold here.
	maxAge = 500 * time.Millisecond
	// strangersPerSecond is how often unknown keys make us ask before that, in case that one was just made by another process.
	strangersPerSecond = 100
)

// directory is every client and key, as they were read at once. It is not changed any more. It is small, since clients and
// their keys are bounded, and since it is whole a key that is not in it is known to be unknown: a stranger's guesses take
// neither memory nor more than a few statements.
type directory struct {
	version int64
	askedAt logic.Moment // when the version was last known to be this one

	clients []Client // by name
	byID    map[logic.ClientID]Client
	keys    map[logic.TokenHash]*APIKey
	origins map[string]bool
}

// isFresh tells whether the directory may be used at the moment now, which may be a little before it was asked for: requests read
// the clock before they get here.
func (d *directory) isFresh(now logic.Moment) bool {
	return d.askedAt.Add(-maxAge) < now && now < d.askedAt.Add(maxAge)
}

// named returns the client with a name, and whether there is one.
func (d *directory) named(name string) (Client, bool) { return named(d.clients, name) }

func named(clients []Client, name string) (Client, bool) {
	i := slices.IndexFunc(clients, func(c Client) bool { return c.Name == name })
	if i < 0 {
		return Client{}, false
	}
	return clients[i], true
}

// directory returns what is known of clients and keys, at most maxAge old.
func (s *Service) directory(ctx context.Context, now logic.Moment) (*directory, error) {
	logic.ReadingOf(ctx).Forbid() // storage sees nothing of what is held here
	if held := s.held.Load(); held != nil && held.isFresh(now) {
		return held, nil
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	if held := s.held.Load(); held != nil && held.isFresh(now) {
		return held, nil
	}
	return s.look(ctx, now)
}

// lookAgain returns what is known of clients and keys now.
func (s *Service) lookAgain(ctx context.Context, now logic.Moment) (*directory, error) {
	logic.ReadingOf(ctx).Forbid()
	s.looking.Lock()
	defer s.looking.Unlock()
	return s.look(ctx, now)
}

// look reads the directory where it changed. The version is read before what it stands for: what changes between the two is
// seen the next time.
func (s *Service) look(ctx context.Context, now logic.Moment) (*directory, error) {
	version, err := s.store.ClientVersion(ctx)
	if err != nil {
		return nil, err
	}
	var next directory
	if held := s.held.Load(); held != nil && held.version == version {
		next = *held
	} else if next, err = s.readDirectory(ctx); err != nil {
		return nil, err
	}
	next.version, next.askedAt = version, now
	s.held.Store(&next)
	return &next, nil
}

func (s *Service) readDirectory(ctx context.Context) (directory, error) {
	clients, err := s.store.AllClients(ctx)
	if err != nil {
		return directory{}, err
	}
	keys, err := s.store.AllKeys(ctx)
	if err != nil {
		return directory{}, err
	}
	read := directory{
		clients: clients, byID: make(map[logic.ClientID]Client, len(clients)),
		keys: make(map[logic.TokenHash]*APIKey, len(keys)), origins: map[string]bool{},
	}
	for _, client := range clients {
		read.byID[client.ID] = client
		for _, origin := range client.AllowedOrigins {
			read.origins[origin] = true
		}
	}
	for _, key := range keys {
		if _, ok := read.byID[key.ClientID]; ok { // else its client was made or deleted between the two reads
			read.keys[key.Hash] = &key.APIKey
		}
	}
	return read, nil
}

// change runs fn as one change, after which nobody here is answered by what held before.
func (s *Service) change(ctx context.Context, fn func(Writer) error) error {
	err := s.store.Write(ctx, func(w Writer) error {
		if err := fn(w); err != nil {
			return err
		}
		return w.RaiseClientVersion(ctx)
	})
	s.looking.Lock() // whoever is reading may have read what held before
	defer s.looking.Unlock()
	s.held.Store(nil)
	return err
}
