package client

import (
	"net/netip"
	"time"

	"headwater/logic"
)

// networkBits is how much of an IPv6 address names a network of one household or machine, which can take any address in it.
const networkBits = 64

// AdmitAddress counts a request that came from address. It is asked before anything else is looked at, so that what is then
// refused counts as well. RATE_LIMITED, with how long to wait, where too many came from there.
func (s *Service) AdmitAddress(address netip.Addr) error {
	most := s.options.AddressPerMinute
	if most <= 0 {
		return nil
	}
	if wait := s.addresses.take(networkOf(address), most, s.clock()); wait > 0 {
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

// networkOf returns what stands for all addresses of one sender.
func networkOf(address netip.Addr) netip.Addr {
	address = address.Unmap()
	if !address.Is6() {
		return address
	}
	network, _ := address.Prefix(networkBits) // it has as many bits
	return network.Addr()
}

func tooMany(wait time.Duration, what string, most int) error {
	fault := logic.Fault(logic.CodeRateLimited, "Too many requests came %s: at most %d a minute are answered.", what, most)
	fault.RetryAfter = wait
	return fault
}
