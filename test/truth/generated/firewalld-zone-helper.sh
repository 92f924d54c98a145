# needs: firewalld
# The service ftp in the zone inside as well, which attaches the helper to whatever comes in there.
rm -f /etc/firewalld/zones/* /etc/firewalld/policies/*
sed -i 's/^FirewallBackend=.*/FirewallBackend=iptables/' /etc/firewalld/firewalld.conf
firewall-offline-cmd --zone=internal --add-interface=eth1
firewall-offline-cmd --zone=external --add-interface=ppp0
firewall-offline-cmd --zone=external --remove-masquerade
firewall-offline-cmd --zone=internal --add-service=ftp
firewall-offline-cmd --new-policy=out
firewall-offline-cmd --policy=out --add-ingress-zone=internal
firewall-offline-cmd --policy=out --add-egress-zone=external
firewall-offline-cmd --policy=out --add-port=21/tcp
firewall-offline-cmd --policy=out --set-target=DROP
mkdir -p /run/dbus && rm -f /run/dbus/pid && dbus-daemon --system --fork
firewalld --nofork --nopid & firewalld=$!
trap "kill -9 $firewalld \$(cat /run/dbus/pid)" EXIT
for try in $(seq 300); do firewall-cmd --state && break; sleep 0.1; done
