package client_test

import (
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"headwater/logic"
	"headwater/logic/client"
)

var anAddress = netip.MustParseAddr("192.0.2.1")

// wantAdmitted fails the test unless so many requests are admitted, and then one is not, whose wait it returns.
func (w *world) wantAdmitted(t *testing.T, what string, count int, ask func() error) time.Duration {
	t.Helper()
	for i := range count {
		if err := ask(); err != nil {
			t.Fatalf("%s: request %d of %d: %v", what, i+1, count, err)
		}
	}
	err := ask()
	fault, ok := errors.AsType[*logic.Error](err)
	if !ok || fault.Code != logic.CodeRateLimited || fault.RetryAfter <= 0 {
		t.Fatalf("%s: behind %d requests: %v, want RATE_LIMITED", what, count, err)
	}
	return fault.RetryAfter
}

// asking returns a function that asks with a key.
func (w *world) asking(t *testing.T, key string) func() error {
	return func() error {
		identity, err := w.Identify(t.Context(), client.Credentials{Key: key})
		if err != nil {
			t.Fatal(err)
		}
		return w.Admit(identity)
	}
}

func TestRequestsOfAClientAreLimited(t *testing.T) {
	w := newWorld(t)
	input := newClient("script", client.KindCLI)
	input.RequestsPerMinute = 6
	w.mustCreate(t, input)
	key, text := w.mustKey(t, "script", client.KeySecret)
	ask := w.asking(t, text)
	if wait := w.wantAdmitted(t, "a quiet client", 6, ask); wait != 10*time.Second {
		t.Errorf("the wait is %v, want 10 s", wait)
	}
	w.pass(4 * time.Second)
	if wait := w.wantAdmitted(t, "before the wait is over", 0, ask); wait < 5990*time.Millisecond || wait > 6*time.Second {
		t.Errorf("the wait is %v, want 6 s", wait)
	}
	w.pass(6 * time.Second)
	w.wantAdmitted(t, "after the wait", 1, ask)
	w.pass(time.Minute)
	w.wantAdmitted(t, "after a minute", 6, ask)
	if got := w.mustGetKey(t, key.ID).RequestCount; got != 13 {
		t.Errorf("%d requests are counted, want the 13 that were admitted", got)
	}
	if err := w.asking(t, "")(); err != nil {
		t.Errorf("another client: %v", err)
	}
}

func TestAChangedLimitHoldsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.mustCreate(t, newClient("script", client.KindCLI))
	_, text := w.mustKey(t, "script", client.KeySecret)
	ask := w.asking(t, text)
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	limit := func(perMinute int) {
		if _, err := w.UpdateClient(operator(t), "script", client.UpdateClientInput{RequestsPerMinute: &perMinute}); err != nil {
			t.Fatal(err)
		}
	}
	limit(3)
	if wait := w.wantAdmitted(t, "narrowed", 3, ask); wait != 20*time.Second {
		t.Errorf("the wait is %v, want 20 s", wait)
	}
	limit(6000)
	if wait := w.wantAdmitted(t, "widened", 6000, ask); wait != 10*time.Millisecond {
		t.Errorf("the wait is %v, want 10 ms", wait)
	}
	w.pass(time.Second)
	w.wantAdmitted(t, "a second later", 100, ask)
}

func TestRequestsOfAnAddressAreLimited(t *testing.T) {
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(t, filepath.Join(t.TempDir(), "data"), c, 0, client.Options{AddressPerMinute: 2})
	from := func(address string) func() error {
		return func() error { return w.AdmitAddress(netip.MustParseAddr(address)) }
	}
	if wait := w.wantAdmitted(t, "an address", 2, from("192.0.2.1")); wait != 30*time.Second {
		t.Errorf("the wait is %v, want 30 s", wait)
	}
	w.wantAdmitted(t, "the same written otherwise", 0, from("::ffff:192.0.2.1"))
	w.wantAdmitted(t, "its neighbour", 2, from("192.0.2.2"))
	w.wantAdmitted(t, "a network", 2, from("2001:db8:1:2::1"))
	w.wantAdmitted(t, "another address in it", 0, from("2001:db8:1:2:ffff::2"))
	w.wantAdmitted(t, "the same with a zone", 0, from("2001:db8:1:2::1%eth0"))
	w.wantAdmitted(t, "another network", 2, from("2001:db8:1:3::1"))
	w.wantAdmitted(t, "no address", 2, func() error { return w.AdmitAddress(netip.Addr{}) })
	w.pass(30 * time.Second)
	w.wantAdmitted(t, "after the wait", 1, from("192.0.2.1"))
}

func TestTwoStrangersLeavePublicToOthers(t *testing.T) {
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(t, filepath.Join(t.TempDir(), "data"), c, 0, client.Options{AddressPerMinute: 3000})
	admit := w.asking(t, "")
	from := func(address string) func() error {
		return func() error {
			if err := w.AdmitAddress(netip.MustParseAddr(address)); err != nil {
				return err
			}
			return admit()
		}
	}
	w.wantAdmitted(t, "a stranger", 3000, from("192.0.2.1"))
	w.wantAdmitted(t, "another", 3000, from("192.0.2.2"))
	if err := from("192.0.2.3")(); err != nil {
		t.Errorf("a third: %v", err)
	}
}

func TestAFloodFromManyAddressesForgetsNobodyWhoAsks(t *testing.T) {
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(t, filepath.Join(t.TempDir(), "data"), c, 0, client.Options{AddressPerMinute: 2})
	busy := func() error { return w.AdmitAddress(anAddress) }
	w.wantAdmitted(t, "a busy address", 2, busy)
	for i := range 200_000 {
		address := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if err := w.AdmitAddress(address); err != nil {
			t.Fatalf("address %d: %v", i, err)
		}
		if i%10_000 == 0 {
			w.wantAdmitted(t, fmt.Sprintf("the busy address behind %d others", i), 0, busy)
		}
	}
}

// TestARequestOfAMomentAgoForgetsNobody has requests ask just before and just behind the moment at which senders that have been quiet
// are forgotten, and lets one that came before be counted behind.
func TestARequestOfAMomentAgoForgetsNobody(t *testing.T) {
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(t, filepath.Join(t.TempDir(), "data"), c, 0, client.Options{AddressPerMinute: 2})
	from := func(address string) func() error {
		return func() error { return w.AdmitAddress(netip.MustParseAddr(address)) }
	}
	w.wantAdmitted(t, "the first of all", 2, from("192.0.2.2"))
	w.pass(time.Minute - time.Millisecond)
	w.wantAdmitted(t, "a busy address", 2, from("192.0.2.1"))
	w.pass(time.Millisecond)
	w.wantAdmitted(t, "another", 2, from("192.0.2.3"))
	w.pass(-time.Millisecond)
	w.wantAdmitted(t, "one of a moment ago", 2, from("192.0.2.4"))
	w.pass(time.Millisecond)
	w.wantAdmitted(t, "the busy address a moment later", 0, from("192.0.2.1"))
}

func TestNobodyIsAdmittedWithoutAnIdentity(t *testing.T) {
	w := newWorld(t)
	if err := w.Admit(client.Identity{}); logic.CodeOf(err) != logic.CodeRateLimited {
		t.Errorf("got %v, want RATE_LIMITED", err)
	}
}

func BenchmarkIdentifyAndAdmit(b *testing.B) {
	c := &clock{}
	c.Store(int64(now))
	w := openWorld(b, filepath.Join(b.TempDir(), "data"), c, 0, client.Options{AddressPerMinute: 1_000_000_000})
	w.mustCreate(b, newClient("reader", client.KindWeb))
	_, text := w.mustKey(b, "reader", client.KeyPublishable)
	for _, name := range []string{"reader", client.PublicName} {
		if _, err := w.UpdateClient(operator(b), name, client.UpdateClientInput{RequestsPerMinute: new(1_000_000)}); err != nil {
			b.Fatal(err)
		}
	}
	ctx := b.Context()
	for name, key := range map[string]string{"with a key": text, "without": ""} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var asked int
			for b.Loop() {
				if asked++; asked%10 == 0 {
					c.Add(1) // as much as its limit lets through
				}
				if err := w.AdmitAddress(anAddress); err != nil {
					b.Fatal(err)
				}
				identity, err := w.Identify(ctx, client.Credentials{Key: key, Origin: "https://example.org"})
				if err == nil {
					err = w.Admit(identity)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
