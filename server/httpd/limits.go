package httpd

import (
	"runtime"
	"time"
)

// Limits bounds what one connection, one request and all of them together may take.
type Limits struct {
	// Body is the greatest body in bytes, Header about that of the request line with all headers.
	Body   int `help:"Bytes of a body."`
	Header int `help:"Bytes of a request line with all headers."`
	// Nesting is how deep the JSON of a request may go.
	Nesting int `help:"Levels of a request's JSON."`
	// Connections is how many may be open at once; further ones wait to be taken.
	Connections int `help:"Connections that are open at once; further ones wait."`
	// Running is how many operations that only read are carried out at once; Changing how many mutations, which mostly wait:
	// for the one writer, and for passwords to be hashed. Queue is how many more of each may wait for their turn.
	Running  int `help:"Queries that are carried out at once."`
	Changing int `help:"Mutations that are carried out at once, most of which wait for others."`
	Queue    int `help:"Queries, and mutations, that may wait for their turn; further ones are refused."`
	// Uploads is how many requests with a file come in at once.
	Uploads int `help:"Requests with a file that come in at once, of which one caller may have a quarter; further ones are refused."`

	// Operation is how long an operation may take, waiting for its turn included.
	Operation time.Duration `name:"timeout" help:"How long an operation may take, waiting for its turn included."`
	// ReadHeader, Read and Write are how long a request's header, the whole request, and all of request and answer may take;
	// Idle is how long a connection is kept open between requests.
	ReadHeader time.Duration `help:"How long the header of a request may take to arrive."`
	Read       time.Duration `help:"How long a whole request may take to arrive."`
	Write      time.Duration `help:"How long a request with its answer may take."`
	Idle       time.Duration `help:"How long a connection stays open between requests."`
	// Upload is how long a request with a file may take to arrive, in place of Read; UploadPause how long nothing of it may come.
	Upload      time.Duration `help:"How long a whole request with a file may take to arrive."`
	UploadPause time.Duration `help:"How long such a request may arrive no further."`
	// Drain is how long, once the server has been told to stop, it goes on taking requests, so that whoever stands in front
	// can turn elsewhere. Stop is how long requests under way may then take to end.
	Drain time.Duration `help:"How long requests are still taken once the server was told to stop."`
	Stop  time.Duration `help:"How long requests under way may then take to end."`
}

// DefaultLimits returns limits for one machine of a few cores.
func DefaultLimits() Limits {
	return Limits{
		Body:        1 << 20,
		Header:      16 << 10,
		Nesting:     64,
		Connections: 4096,
		Running:     max(8, 4*runtime.NumCPU()),
		Changing:    128,
		Queue:       256,
		Uploads:     32,
		Operation:   10 * time.Second,
		ReadHeader:  5 * time.Second,
		Read:        20 * time.Second,
		Write:       60 * time.Second,
		Idle:        2 * time.Minute,
		Upload:      15 * time.Minute, // 25 MiB at 256 kbit/s
		UploadPause: 30 * time.Second,
		Drain:       time.Second,
		Stop:        20 * time.Second,
	}
}
