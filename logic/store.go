package logic

import "context"

// Transactor runs changes: what fn does through its writer happens whole, and only if fn returns nil and the commit
// succeeds; otherwise none of it does. Fn must not wait for anything but its writer: all writes stand in one queue.
// Fn may be run more than once, when others' writes failed with it; its results count only once Write returned nil.
type Transactor[Writer any] interface {
	Write(ctx context.Context, fn func(Writer) error) error
}
