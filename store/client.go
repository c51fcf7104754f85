package store

import "headwater/logic/client"

// Client returns what the domain client needs of storage.
func (s *Store) Client() client.Store { return transactor[client.Writer]{s} }
