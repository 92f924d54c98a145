# needs: shorewall
# The FTP macro, with the helper attached by the conntrack file.
cd /etc/shorewall
rm -f snat conntrack
printf '%s\n' 'fw firewall' 'net ipv4' 'loc ipv4' > zones
printf '%s\n' '?FORMAT 2' 'net ppp0 tcpflags,nosmurfs' 'loc eth1 tcpflags' > interfaces
printf '%s\n' 'loc net REJECT' 'net all DROP info' 'all all REJECT info' > policy
printf '%s\n' '?SECTION NEW' 'FTP(ACCEPT) loc net' > rules
printf '%s\n' '?FORMAT 3' 'CT:helper:ftp:P - - tcp 21' > conntrack
shorewall start
