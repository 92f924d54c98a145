# needs: shorewall
# Port 21 out; the rest is rejected, as the policy says.
cd /etc/shorewall
rm -f snat conntrack
printf '%s\n' 'fw firewall' 'net ipv4' 'loc ipv4' > zones
printf '%s\n' '?FORMAT 2' 'net ppp0 tcpflags,nosmurfs' 'loc eth1 tcpflags' > interfaces
printf '%s\n' 'loc net REJECT info' 'net all DROP info' 'all all REJECT info' > policy
printf '%s\n' '?SECTION NEW' 'ACCEPT loc net tcp 21' > rules
:
shorewall start
