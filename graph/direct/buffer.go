package direct

import "sync"

// maxKept is how large a buffer may have grown that is used again.
const maxKept = 1 << 20

var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 4<<10)) }}

func buffer() []byte { return (*buffers.Get().(*[]byte))[:0] }

// Reuse lets the data of an answer, which nobody reads any more, be overwritten by another's.
func Reuse(data []byte) {
	if cap(data) > 0 && cap(data) <= maxKept {
		buffers.Put(&data)
	}
}
