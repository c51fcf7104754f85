package store

import (
	"headwater/logic/account"
	"headwater/logic/content"
)

// What the domains ask for is here.
var (
	_ content.Reader = reader{}
	_ content.Writer = (*writer)(nil)
	_ account.Writer = (*writer)(nil)
)

// Content returns what the domain content needs of storage.
func (s *Store) Content() content.Store {
	return struct {
		noting
		transactor[content.Writer]
	}{s.noting(), transactor[content.Writer]{s}}
}

// Account returns what the domain account needs of storage.
func (s *Store) Account() account.Store {
	return struct {
		noting
		transactor[account.Writer]
	}{s.noting(), transactor[account.Writer]{s}}
}
