package client

import (
	"net/netip"
	"time"

	"headwater/logic"
)

// AdmitAddress counts a request that came from address. It is asked before anything else is looked at, so that what is then
// refused counts as well. RATE_LIMITED, with how long to wait, where too many came from there.
func (s *Service) AdmitAddress(address netip.Addr) error {
	most := s.options.AddressPerMinute
	if most <= 0 {
		return nil
	}
	if wait := s.addresses.take(logic.NetworkOf(address), most, s.clock()); wait > 0 {
		return tooMany(wait, "from one address", most)
	}
	return nil
}

// Admit counts a request of identity, as Identify returned it. RATE_LIMITED, with how long to wait, where too many came through
// the client; such a request is not counted of its key.
func (s *Service) Admit(identity Identity) error {
	client, now := identity.Client, s.clock()
	if wait := s.clients.take(client.ID, client.RequestsPerMinute, now); wait > 0 {
		return tooMany(wait, "through the client "+client.Name, client.RequestsPerMinute)
	}
	if identity.Key != nil {
		s.usage.count(identity.Key.ID, now)
	}
	return nil
}

func tooMany(wait time.Duration, what string, most int) error {
	fault := logic.Fault(logic.CodeRateLimited, "Too many requests came %s: at most %d a minute are answered.", what, most)
	fault.RetryAfter = wait
	return fault
}
