package httpd

import (
	"net"
	"sync"
)

// boundedListener takes connections as long as fewer than a number of them are open; further ones wait in the system's queue.
type boundedListener struct {
	net.Listener
	places chan struct{}
	closed chan struct{}
	close  func() error
}

func bounded(listener net.Listener, connections int) net.Listener {
	l := &boundedListener{Listener: listener, places: make(chan struct{}, connections), closed: make(chan struct{})}
	l.close = sync.OnceValue(func() error {
		close(l.closed)
		return listener.Close()
	})
	return l
}

// Accept waits for a place, and then for a connection.
func (l *boundedListener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	connection, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	leave := sync.OnceFunc(func() { <-l.places })
	// What can only be done to TCP, such as closing one half so that the last answer arrives, must stay possible.
	if tcp, ok := connection.(*net.TCPConn); ok {
		return &boundedTCP{tcp, leave}, nil
	}
	return &boundedConn{connection, leave}, nil
}

// Close closes the listener. It may be called again.
func (l *boundedListener) Close() error { return l.close() }

type boundedTCP struct {
	*net.TCPConn
	leave func()
}

// Close closes the connection and gives up its place.
func (c *boundedTCP) Close() error {
	defer c.leave()
	return c.TCPConn.Close()
}

type boundedConn struct {
	net.Conn
	leave func()
}

// Close closes the connection and gives up its place.
func (c *boundedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}
