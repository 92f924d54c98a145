# needs: ufw
# NAT and the FTP helper in before.rules, as ufw-framework(8) says.
ufw --force reset
cat > /etc/ufw/nat.rules <<'RULES'
*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth1 -p tcp --dport 21 -j CT --helper ftp
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.79.2.0/24 -o ppp0 -j MASQUERADE
COMMIT
RULES
cat /etc/ufw/nat.rules /etc/ufw/before.rules > /etc/ufw/before.rules.new
mv /etc/ufw/before.rules.new /etc/ufw/before.rules
ufw --force enable
ufw default deny routed
ufw route allow in on eth1 out on ppp0 to any port 21 proto tcp
