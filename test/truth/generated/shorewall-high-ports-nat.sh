# needs: shorewall
# Port 21 and the high ports out, under NAT; no helper.
cd /etc/shorewall
rm -f snat conntrack
printf '%s\n' 'fw firewall' 'net ipv4' 'loc ipv4' > zones
printf '%s\n' '?FORMAT 2' 'net ppp0 tcpflags,nosmurfs' 'loc eth1 tcpflags' > interfaces
printf '%s\n' 'loc net DROP' 'net all DROP info' 'all all REJECT info' > policy
printf '%s\n' '?SECTION NEW' 'ACCEPT loc net tcp 21' 'ACCEPT loc net tcp 1024:' > rules
printf '%s\n' 'MASQUERADE 10.79.2.0/24 ppp0' > snat
shorewall start
